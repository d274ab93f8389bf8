"""Whether the verifier's four questions can be answered no, each for its own reason."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from safe_release import Policy, clean, verify
from safe_release.inspectors.needles import words
from safe_release.report import Verdict


def source(*values: object, hidden: str = "Person 0042") -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(values) or ["shown", 1.5])
    page = book.create_sheet("Raw")
    page["A1"] = hidden
    page.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def copy(tmp_path: Path) -> bytes:
    clean(source(), tmp_path / "copy.xlsx")
    return (tmp_path / "copy.xlsx").read_bytes()


def failed(verdict: Verdict) -> set[str]:
    return {check.question for check in verdict.checks if not check.passed}


def edited(data: bytes, name: str, edit: Callable[[str], str]) -> bytes:
    """The copy with one part changed and everything else canonical."""
    parts = zipfile.ZipFile(io.BytesIO(data))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for entry in parts.infolist():
            text = parts.read(entry).decode()
            if entry.filename == name:
                changed = edit(text)
                assert changed != text
                text = changed
            info = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            info.create_system = 0
            info.external_attr = 0
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, text)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_copy_passes_and_a_source_does_not(copy: bytes) -> None:
    verdict = verify(copy, source=source())
    assert verdict.passed
    assert [check.question for check in verdict.checks] == [
        "whole", "closed", "silent", "says the same",
    ]  # fmt: skip
    assert all(check.examined for check in verdict.checks)
    assert failed(verify(source())) == {"whole", "closed", "silent"}


def test_without_a_source_the_last_question_is_not_asked(copy: bytes) -> None:
    assert [check.question for check in verify(copy).checks] == ["whole", "closed", "silent"]


def test_a_trailing_byte_is_not_whole(copy: bytes) -> None:
    assert "whole" in failed(verify(copy + b"\0"))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<sheetData>", '<sheetData note="x">'),
        lambda text: text.replace("</worksheet>", "<secret/></worksheet>"),
        lambda text: text.replace('<c r="A1"', '<c r="A1" cm="1"'),
        lambda text: text.replace("<worksheet ", '<worksheet xmlns:q="urn:Person0042" '),
    ],
)
def test_a_name_that_is_not_on_the_list_is_not_closed(
    copy: bytes, change: Callable[[str], str]
) -> None:
    assert "closed" in failed(verify(edited(copy, SHEET, change)))


def test_a_hidden_row_is_neither_closed_nor_silent(copy: bytes) -> None:
    found = verify(edited(copy, SHEET, lambda text: text.replace("<row ", '<row hidden="1" ')))
    assert {"closed", "silent"} <= failed(found)


def test_a_changed_value_does_not_say_the_same(copy: bytes) -> None:
    other = edited(copy, SHEET, lambda text: text.replace("<v>1.5</v>", "<v>1.6</v>"))
    assert failed(verify(other)) == set()
    assert failed(verify(other, source=source())) == {"says the same"}


def test_more_digits_than_read_back_are_not_closed(copy: bytes) -> None:
    other = edited(
        copy, SHEET, lambda text: text.replace("<v>1.5</v>", "<v>1.50000000000000000001</v>")
    )
    assert "closed" in failed(verify(other))


def test_a_hidden_word_in_a_number_format_is_not_silent(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1.5
    book.active["A1"].number_format = '0.0" pieces"'
    stream = io.BytesIO()
    book.save(stream)
    clean(stream.getvalue(), tmp_path / "copy.xlsx")
    data = (tmp_path / "copy.xlsx").read_bytes()
    given = source(1.5, hidden="Falcon0042 pieces")
    other = edited(data, "xl/styles.xml", lambda text: text.replace("pieces", "falcon0042"))
    assert "silent" in failed(verify(other, source=given))
    assert "silent" not in failed(verify(other, source=source(1.5)))


@pytest.mark.parametrize(
    ("code", "cell", "silent"),
    [
        ("0.0&quot; pieces&quot;", "<v>1.5</v>", True),
        ("0.0;&quot;pieces&quot;", "<v>1.5</v>", False),
        ("0.0;-0.0&quot;pieces&quot;", "<v>-1.5</v>", True),
        ("[&gt;5]&quot;pieces&quot;0;0", "<v>1.5</v>", False),
        ("0.0&quot; pieces&quot;", "", False),
        ("0.0n&quot;pieces&quot;", "<v>1.5</v>", False),
    ],
)
@pytest.mark.parametrize("rows", [1, 40])
def test_words_of_formats_are_seen_or_not_silent(
    code: str, cell: str, silent: bool, rows: int, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for _ in range(rows):
        book.active.append([7.5])
        book.active.cell(book.active.max_row, 1).number_format = '0.0" pieces"'
    stream = io.BytesIO()
    book.save(stream)
    clean(stream.getvalue(), tmp_path / "copy.xlsx")
    data = (tmp_path / "copy.xlsx").read_bytes()
    data = edited(data, SHEET, lambda text: text.replace("<v>7.5</v>", cell))
    if code != "0.0&quot; pieces&quot;":
        own = re.compile('formatCode="[^"]*"')
        data = edited(data, "xl/styles.xml", lambda text: own.sub(f'formatCode="{code}"', text))
    assert ("silent" not in failed(verify(data))) == silent


def test_what_a_link_carries_besides_its_target_is_not_silent(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "page"
    book.active["A1"].hyperlink = "mailto:person0042@example.org"
    stream = io.BytesIO()
    book.save(stream)
    clean(stream.getvalue(), tmp_path / "copy.xlsx")
    data = (tmp_path / "copy.xlsx").read_bytes()
    assert failed(verify(data, source=stream.getvalue())) == set()
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    host = "example.org"
    other = edited(data, rels, lambda text: text.replace(host, f"{host}?body=a"))
    assert failed(verify(other, source=stream.getvalue())) == {"silent"}


def test_the_names_that_a_copy_gives_to_columns_are_no_hidden_words() -> None:
    assert words("Column12 Column012 Columns12 Falcon0042") == {
        "column012",
        "columns12",
        "falcon0042",
    }


def test_objections_name_no_content(copy: bytes) -> None:
    verdict = verify(source(hidden="Falcon0042"), source=source(hidden="Falcon0042"))
    assert not verdict.passed
    assert "Falcon" not in verdict.model_dump_json()
    assert all(len(check.objections) <= 20 for check in verdict.checks)


def test_what_cannot_be_read_fails(copy: bytes) -> None:
    broken = edited(copy, SHEET, lambda text: text.replace("</sheetData>", ""))
    assert not verify(broken).passed


def test_links_follow_the_policy(copy: bytes, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "page"
    book.active["A1"].hyperlink = "https://example.org/page"
    stream = io.BytesIO()
    book.save(stream)
    for links, passes in (("web", True), ("none", False)):
        policy = Policy(links="web")
        clean(stream.getvalue(), tmp_path / "linked.xlsx", policy)
        data = (tmp_path / "linked.xlsx").read_bytes()
        verdict = verify(data, source=stream.getvalue(), policy=Policy.of(links=links))
        assert verdict.passed == passes


@pytest.mark.parametrize(
    "text", ["_x0041_", "part_x0007_end", "_x005F_", "_x0041_x0042_", "_x000D_ _xD83D_"]
)
@pytest.mark.parametrize("is_rich", [False, True])
def test_a_text_that_looks_escaped_is_released(text: str, is_rich: bool, tmp_path: Path) -> None:
    said = re.sub("_(?=x[0-9A-F]{4}_)", "_x005F_", text)
    run = f"<r><t>{said}</t></r><r><rPr><b/></rPr><t>bold</t></r>" if is_rich else f"<t>{said}</t>"
    given = edited(source("mark"), SHEET, lambda part: part.replace("<t>mark</t>", run))
    clean(given, tmp_path / "copy.xlsx")
    data = (tmp_path / "copy.xlsx").read_bytes()
    assert verify(data, source=given).passed
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        strings = "xl/sharedStrings.xml"
        holder = strings if strings in parts.namelist() else SHEET
    other = edited(data, holder, lambda part: part.replace(said, f"{said}_x0041_"))
    assert "silent" in failed(verify(other))
