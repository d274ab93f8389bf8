"""Six claims about every channel of the catalogue, each proved by a canary planted there."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from canaries import CANARY, MARKER, PLANTERS, Planter, made
from canaries.edits import append_row, style
from canaries.layers import occurs
from canaries.pictures import PICTURE_PLANTERS
from makers.packages import Package
from makers.sheets import workbook
from safe_release import Policy, Report, Verdict, clean, errors, inspect, verify
from safe_release.channel import Fate
from safe_release.channels import CATALOGUE
from safe_release.errors import Refused, SafeReleaseError

OTHER = "Falcon0043Wv9Jp"
"""A second word, as long as the canary."""

BY_ID = {planter.id: planter for planter in PLANTERS}


def _clean(source: bytes, policy: Policy | None = None) -> tuple[bytes, Report]:
    with tempfile.TemporaryDirectory() as folder:
        destination = Path(folder) / "copy.xlsx"
        try:
            report = clean(source, destination, policy=policy or Policy())
        finally:
            left = sorted(path.name for path in Path(folder).iterdir())
            assert left in ([], ["copy.xlsx"]), "something else was left in the folder"
        return destination.read_bytes(), report


@cache
def base(name: str) -> bytes:
    """The canonical base: a copy that the library itself wrote."""
    return _clean(made(name))[0]


@cache
def planted(planter: str, word: str = CANARY) -> bytes:
    found = BY_ID[planter]
    source = base(found.base)
    if found.canary is not None and not isinstance(found.canary, bytes):
        word = found.canary if found.canary != CANARY else word
    return found.planted(source, word)


@cache
def copy_of(planter: str, word: str = CANARY) -> tuple[bytes, Report]:
    return _clean(planted(planter, word))


def _some(*, refused: bool | None = None, kept: bool | None = None, same: bool | None = None):  # type: ignore[no-untyped-def]
    """Parametrise over the planters of a kind."""
    chosen = []
    for planter in PLANTERS:
        fate = CATALOGUE[planter.channel].fate if planter.channel in CATALOGUE else None
        if refused is not None and bool(planter.refused) != refused:
            continue
        if kept is not None and (fate is Fate.KEPT) != kept:
            continue
        if same is not None and planter.same != same:
            continue
        marks = [pytest.mark.libreoffice] if planter.recalculates else []
        if planter.recalculates and shutil.which("soffice") is None:
            marks.append(pytest.mark.skip(reason="LibreOffice is not installed"))
        chosen.append(pytest.param(planter, id=planter.id, marks=marks))
    return pytest.mark.parametrize("planter", chosen)


def _errors_of(planter: Planter) -> tuple[type[SafeReleaseError], ...]:
    return tuple(getattr(errors, name) for name in planter.refused)


def quotes(canary: str | bytes | None, text: str) -> bool:
    """Whether a text that people will read gives the canary away."""
    return canary is not None and occurs(canary, text.encode())


def _shows_marker(copy: bytes) -> bool:
    book = openpyxl.load_workbook(io.BytesIO(copy))
    return any(
        cell.value == MARKER for sheet in book.worksheets for row in sheet.rows for cell in row
    )


def test_every_channel_has_a_canary_and_every_canary_a_channel() -> None:
    planted = {planter.channel for planter in PLANTERS}
    # Those of pictures are planted in pictures; test_pictures makes the same claims of them.
    planted |= {planter.channel for planter in PICTURE_PLANTERS}
    assert planted == set(CATALOGUE)


def test_canaries_of_refused_channels_say_with_which_error() -> None:
    for planter in PLANTERS:
        refused = CATALOGUE[planter.channel].fate is Fate.REFUSED
        assert bool(planter.refused) == refused, planter.id


@pytest.mark.parametrize("name", sorted({planter.base for planter in PLANTERS}))
def test_the_base_holds_nothing_hidden(name: str) -> None:
    source = base(name)
    assert inspect(source).findings == ()
    assert verify(source).passed
    assert _clean(source)[0] == source
    assert _shows_marker(source)


@_some()
def test_1_the_canary_is_in_the_planted_document(planter: Planter) -> None:
    source = planted(planter.id)
    assert source != base(planter.base)
    if planter.canary is not None:
        assert occurs(planter.canary, source)
        assert not occurs(planter.canary, base(planter.base))


@_some()
def test_2_inspect_names_the_channel(planter: Planter) -> None:
    report = None
    try:
        report = inspect(planted(planter.id))
    except _errors_of(planter) as error:
        message = str(error)
    if report is None:
        assert not quotes(planter.canary, message)
        return
    assert planter.channel in {finding.channel for finding in report.findings}
    assert not quotes(planter.canary, report.model_dump_json())


@_some(refused=False, kept=False)
def test_3_the_canary_is_in_no_layer_of_the_copy(planter: Planter) -> None:
    copy, _ = copy_of(planter.id)
    assert planter.canary is None or not occurs(planter.canary, copy)
    assert _shows_marker(copy)


@_some(refused=False)
def test_4_the_report_names_the_channel_and_quotes_nothing(planter: Planter) -> None:
    _, report = copy_of(planter.id)
    actions = {f.action for f in report.findings if f.channel == planter.channel}
    assert actions, f"reported: {sorted({f.channel for f in report.findings})}"
    if CATALOGUE[planter.channel].fate is Fate.KEPT:
        assert actions == {Fate.KEPT}
    else:
        assert Fate.KEPT not in actions
    text = report.model_dump_json()
    assert not quotes(planter.canary, text)
    assert not quotes(planter.canary, report._repr_html_())
    assert json.loads(text)["released_sha256"]


@_some(refused=False, kept=False, same=True)
def test_5_the_copy_is_that_of_the_document_without_canary(planter: Planter) -> None:
    copy, _ = copy_of(planter.id)
    assert copy == base(planter.base)


@_some(refused=False, kept=False, same=False)
def test_5_the_copy_does_not_depend_on_the_canary(planter: Planter) -> None:
    if planter.canary != CANARY:
        pytest.skip("the canary is fixed by the format")
    assert planted(planter.id) != planted(planter.id, OTHER)
    assert copy_of(planter.id)[0] == copy_of(planter.id, OTHER)[0]


@_some(kept=False)
def test_6_the_verifier_objects_to_the_planted_document(planter: Planter) -> None:
    try:
        verdict: Verdict = verify(planted(planter.id))
    except _errors_of(planter):
        return  # a document that cannot be taken in is objected to, too
    assert not verdict.passed
    objections = [text for check in verdict.checks for text in check.objections]
    assert objections
    assert not quotes(planter.canary, " ".join(objections))


@_some(refused=True)
def test_refused_channels_release_nothing(planter: Planter, tmp_path: Path) -> None:
    destination = tmp_path / "copy.xlsx"
    destination.write_bytes(b"as it was")
    with pytest.raises(_errors_of(planter)) as caught:
        clean(planted(planter.id), destination)
    assert caught.value.remedy
    assert not quotes(planter.canary, str(caught.value))
    assert destination.read_bytes() == b"as it was"
    assert [path.name for path in tmp_path.iterdir()] == ["copy.xlsx"]


@_some(refused=False)
def test_a_policy_can_refuse_the_channel(planter: Planter, tmp_path: Path) -> None:
    destination = tmp_path / "copy.xlsx"
    with pytest.raises(Refused) as caught:
        clean(planted(planter.id), destination, policy=Policy(refuse=(planter.channel,)))
    assert not quotes(planter.canary, str(caught.value))
    assert caught.value.report is not None
    assert caught.value.report.released_sha256 is None
    assert planter.channel in {finding.channel for finding in caught.value.report.findings}
    assert not destination.exists()


@pytest.mark.parametrize(
    "format_code", [f'0.00;"{CANARY}"', f'0.00;-0.00;0;"{CANARY}"', f'0.00;;"{CANARY}"']
)
def test_texts_in_formats_that_no_cell_shows(format_code: str) -> None:
    source = Package.read(base("plain"))
    number = style(source, "<xf/>", format_code=format_code)
    append_row(source, 2, 9, f'<c r="A9" s="{number}"><v>5</v></c>')
    copy, _ = _clean(source.zip())
    assert _shows_marker(copy)
    assert not occurs(CANARY, copy)


def test_a_password_in_a_link_goes() -> None:
    source = workbook(f"A1={MARKER} ; link A1 https://person0042:{CANARY}@example.org/")
    copy, report = _clean(source.zip())
    assert not occurs(CANARY, copy)
    assert "xlsx.ws.hyperlink-target" in {finding.channel for finding in report.findings}


def test_a_web_link_with_a_location_is_cleaned() -> None:
    source = workbook(f"A1={MARKER} ; link A1 https://example.org/a")
    source.swap(source.sheet(1), "r:id=", 'location="part" r:id=')
    assert _shows_marker(_clean(source.zip())[0])


def test_a_location_is_the_fragment_of_a_web_link() -> None:
    source = workbook(f"A1={MARKER} ; link A1 https://example.org/a")
    source.swap(source.sheet(1), "r:id=", 'location="part" r:id=')
    whole = workbook(f"A1={MARKER} ; link A1 https://example.org/a#part")
    copy = openpyxl.load_workbook(io.BytesIO(_clean(source.zip())[0])).active
    assert copy is not None
    link = copy["A1"].hyperlink
    assert f"{link.target}#{link.location}".replace("#None", "") == "https://example.org/a#part"
    assert verify(_clean(whole.zip())[0], source=source.zip()).passed
