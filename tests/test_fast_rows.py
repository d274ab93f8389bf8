"""The fast way through ordinary rows writes what the XML parser's way writes, byte for byte."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from unittest.mock import patch
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers.corpus import workbooks
from makers.packages import MAIN, Package
from makers.sheets import workbook
from safe_release.document import Document
from safe_release.errors import SafeReleaseError
from safe_release.formats.ledger import Ledger
from safe_release.formats.xlsx.build import rebuild
from safe_release.formats.xlsx.shapes import FastRows
from safe_release.limits import Limits
from safe_release.policy import Policy

STYLES = 6


def rebuilt(data: bytes, *, fast: bool, precision: str = "displayed") -> bytes | str:
    """The copy, or the error, with rows taken the fast way or all by the parser."""
    document = Document(io.BytesIO(data), len(data), hashlib.sha256(data).hexdigest(), Limits())
    target = io.BytesIO()
    policy = Policy.of(precision=precision)
    try:
        if fast:
            rebuild(document, target, policy, Ledger())
        else:
            with patch.object(FastRows, "take", lambda self, buffer, position: position):
                rebuild(document, target, policy, Ledger())
    except SafeReleaseError as error:
        return str(error)
    return target.getvalue()


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
numbers = st.one_of(
    st.integers(-(10**16), 10**16).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-1000, 60000, places=3).map(str),
    st.sampled_from(["0", "-0", "0.0", "1.50", "1E3", "12345678901234567", "0.00001", "+7", ""]),
)


@st.composite
def cells(draw: st.DrawFn, reference: str) -> str:
    """A cell in one of the spellings that writers use."""
    style = draw(st.sampled_from(["", *(f' s="{number}"' for number in range(STYLES))]))
    kind = draw(st.sampled_from(["n", "n", "s", "str", "inlineStr", "b", "e", "empty", "formula"]))
    opening = f'<c r="{reference}"{style}'
    match kind:
        case "n":
            type_ = draw(st.sampled_from(["", ' t="n"']))
            return f"{opening}{type_}><v>{draw(numbers)}</v></c>"
        case "s":
            return f'{opening} t="s"><v>{draw(st.integers(0, 4))}</v></c>'
        case "str":
            return f'{opening} t="str"><f>A1&amp;"x"</f><v>{escape(draw(texts))}</v></c>'
        case "inlineStr":
            text = escape(draw(texts))
            return f'{opening} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        case "b":
            return f'{opening} t="b"><v>{draw(st.sampled_from(["0", "1", "true"]))}</v></c>'
        case "e":
            code = draw(st.sampled_from(["#N/A", "#DIV/0!", "#SPILL!"]))
            return f'{opening} t="e"><v>{code}</v></c>'
        case "formula":
            return f'{opening}><f aca="false">B2*2</f><v>{draw(numbers) or 1}</v></c>'
    return f"{opening}/>"


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    """A worksheet whose rows repeat a few shapes with other values in between."""
    columns = draw(st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=5, unique=True))
    attributes = ["", "", ' spans="1:6"', ' hidden="1"', ' ht="20" customHeight="1"', ' ht="1"']
    rows = []
    number = 0
    for _ in range(draw(st.integers(1, 6))):
        look = draw(st.sampled_from(attributes))
        kinds = [draw(cells(f"{column}@")) for column in sorted(columns)]
        for _ in range(draw(st.integers(1, 6))):
            number += draw(st.sampled_from([1, 1, 1, 2]))
            row = "".join(kinds).replace("@", str(number), len(kinds))
            rows.append(f'<row r="{number}"{look}>{row.replace("@", str(number))}</row>')
    head = draw(
        st.sampled_from(
            [
                "",
                '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>',
                '<cols><col min="2" max="2" width="9" hidden="1"/></cols>',
                '<cols><col min="1" max="3" width="0.2" style="1"/></cols>',
            ]
        )
    )
    data = f"<sheetData>{''.join(rows)}</sheetData>"
    return f'<worksheet xmlns="{MAIN}">{head}{data}</worksheet>'.encode()


def package(part: bytes) -> bytes:
    """A workbook with that worksheet, five shared strings and six styles."""
    made: Package = workbook("A1=x")
    made["xl/worksheets/sheet1.xml"] = part
    made["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{MAIN}"><si><t>plain</t></si><si><t/></si><si><t>a &amp; b</t></si>'
        "<si><r><t>rich</t></r><r><rPr><b/></rPr><t> run</t></r></si><si><t>plain</t></si></sst>"
    ).encode()
    made["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="3"><numFmt numFmtId="170"'
        ' formatCode="[&lt;5]&quot;*&quot;;0.0"/><numFmt numFmtId="171"'
        ' formatCode="0.0&quot; kr&quot;;&quot;owed &quot;0.0"/><numFmt numFmtId="172"'
        ' formatCode="0&quot; kr&quot;;;;&quot;note &quot;@"/></numFmts><cellXfs count="6">'
        + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 2, 14, 170, 171, 172))
        + "</cellXfs></styleSheet>"
    ).encode()
    return made.zip()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheets(), st.sampled_from(["displayed", "stored"]))
def test_rows_taken_by_pattern_are_written_as_the_parser_would(part: bytes, precision: str) -> None:
    data = package(part)
    assert rebuilt(data, fast=True, precision=precision) == rebuilt(
        data, fast=False, precision=precision
    )


def test_the_fast_way_is_taken_at_all() -> None:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in range(1, 50)
    )
    data = package(f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode())
    taken = []
    original = FastRows.take

    def take(self: FastRows, buffer: bytes, position: int) -> int:
        after = original(self, buffer, position)
        taken.append(buffer[position:after].count(b"<row"))
        return after

    with patch.object(FastRows, "take", take):
        rebuilt(data, fast=True)
    assert sum(taken) == 49


@pytest.mark.corpus
@pytest.mark.parametrize("path", workbooks(), ids=lambda path: path.name)
def test_real_sheets_are_written_alike_both_ways(path: Path) -> None:
    data = path.read_bytes()
    assert rebuilt(data, fast=True) == rebuilt(data, fast=False)
