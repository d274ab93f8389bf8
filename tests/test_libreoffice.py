"""A foreign reader of the copy: LibreOffice shows in it what it showed in the source, no more."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from makers.corpus import workbooks
from makers.pages import Page, pages
from makers.sheets import sheet, workbook
from safe_release import clean
from safe_release.errors import SafeReleaseError

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]

ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"

Texts = dict[tuple[int, int], str]

PIVOT = "LibreOffice lays pivot tables out anew"
TODAY = "the source asks for the time of opening, the copy has that of the last calculation"
UNSEEN = "letters in the colour of their ground, or too small to read, go"
BARE = "bars and icons that show no numbers have others in the copy"
RULED = "LibreOffice knows no number formats of conditional formats"
UNKNOWN = "LibreOffice does not know the functions, or rich values, of the source"
EXPLAINED: dict[str, tuple[int, str]] = {
    "123233_charts.xlsx": (1, TODAY),
    "47737.xlsx": (1, "LibreOffice calculates a formula whose stored result is the empty text"),
    "57181.xlsm": (5, UNSEEN),
    "checkbox01.xlsx": (1, "a check box is a text in the copy"),
    "cond_format18.xlsx": (1, BARE),
    "ConditionalFormattingSamples.xlsx": (145, f"{RULED}; {BARE}"),
    "Connection.xlsx": (775, UNKNOWN),
    "CubeFromRange-Input.xlsx": (8, UNKNOWN),
    "dataValidationTableRange.xlsx": (44, f"{RULED}; {UNSEEN}"),
    "DialogSheet.xlsx": (2, PIVOT),
    "embed_image01.xlsx": (1, "a picture in a cell is left out"),
    "LONumbers.xlsx": (140, f"LibreOffice counts dates before March 1900 a day apart; {UNSEEN}"),
    "metadata_2019.xlsx": (17, UNKNOWN),
    "Pivot2.xlsx": (8, BARE),
    "pivots.xlsx": (62, PIVOT),
    "pivottable_tabular_mode.xlsx": (11, PIVOT),
    "shared_strings01.xlsx": (23, "control characters go"),
    "simple-monthly-budget.xlsx": (1, BARE),
    "StatusReportforProjectSponsors_TP10204408.xltx": (16, f"{TODAY}; {PIVOT}"),
    "stress002.xlsx": (63, f"{TODAY}; {UNSEEN}"),
    "stress024.xlsx": (30, TODAY),
    "StructuredRefs-lots-with-lookups.xlsx": (454, UNSEEN),
    "TemplateWithTableSourcePivotTables.xlsx": (125, PIVOT),
    "test-issue-880.xlsx": (5, UNSEEN),
    "threaded_comments_none.xlsx": (4, TODAY),
}
"""File name to the number of cells that may differ, and why they rightly do."""

UNREAD = {"49609.xlsx", "issue_530.xlsx"}
"""Sources that LibreOffice cannot open: their parts are named with backslashes."""


def as_csv(sources: list[Path], folder: Path) -> None:
    """Write every sheet of every source as it is shown, in one run of LibreOffice."""
    profile = folder / "profile"
    out = folder / "csv"
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
         "--convert-to", ALL_SHEETS, "--outdir", str(out), *map(str, sources)],
        check=True,
        capture_output=True,
        timeout=240,
    )  # fmt: skip
    shutil.rmtree(profile, ignore_errors=True)


def shown(folder: Path, stem: str, sheet_name: str) -> Texts:
    """The texts of a sheet by row and column. LibreOffice writes hidden ones too."""
    safe = re.sub(r"[/\\:*?\"<>|]", "_", sheet_name)
    path = folder / "csv" / f"{stem}-{safe}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (at, column): text.strip()
            for at, row in enumerate(csv.reader(file), 1)
            for column, text in enumerate(row, 1)
            if text.strip()
        }


def differing(ours: Texts, theirs: Texts) -> list[tuple[int, int]]:
    """The places where one has another text than the other."""
    return sorted(place for place in {*ours, *theirs} if ours.get(place) != theirs.get(place))


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Path]]:
    """Sources and copies of the corpus as text, and which source bears which number."""
    folder = tmp_path_factory.mktemp("libreoffice")
    numbered: dict[str, Path] = {}
    files: list[Path] = []
    for number, path in enumerate(workbooks()):
        copy = folder / f"c{number:03}.xlsx"
        try:
            clean(path, copy)
        except SafeReleaseError:
            continue
        source = folder / f"s{number:03}{path.suffix}"
        shutil.copy(path, source)
        numbered[f"{number:03}"] = path
        files += [source, copy]
    if files:
        as_csv(files, folder)
    return folder, numbered


@pytest.mark.corpus
@pytest.mark.slow
def test_copies_show_what_their_sources_show(converted: tuple[Path, dict[str, Path]]) -> None:
    folder, numbered = converted
    if not numbered:
        pytest.skip("SAFE_RELEASE_CORPUS: no workbooks")
    faults, compared = [], 0
    for number, path in numbered.items():
        places = []
        for at, page in enumerate(pages(path), 1):
            if page.shows and path.name not in UNREAD:
                source = page.without_hidden(shown(folder, f"s{number}", page.name))
                copy = shown(folder, f"c{number}", page.name)
                compared += len(source)
                places += [f"sheet {at} R{row}C{column}" for row, column in differing(copy, source)]
        assert list((folder / "csv").glob(f"c{number}-*.csv")), (
            f"{path.name}: the copy cannot be read"
        )
        if len(places) > EXPLAINED.get(path.name, (0, ""))[0]:
            faults.append(f"{path.name}: {len(places)} cells differ, first {places[:3]}")
    assert compared > 1000
    assert not faults, "\n".join(faults)


def test_a_made_workbook_shows_its_visible_texts(tmp_path: Path) -> None:
    source = workbook(
        sheet(
            "A1@1=Heading | A2=North | B2@2=3.14159 | C2=hidden column | A3=hidden row | B3=9 |"
            "A4=South | B4=TRUE | C4=7 | A5@3=45000 | B5=#N/A | A6=last ;"
            "merge A1:B1 ; row 3 hidden ; row 6 ht=0 ; col C hidden",
            name="Shown",
        ),
        sheet("A1=raw", name="Raw", state="hidden"),
    ).zip()
    copy = tmp_path / "copy.xlsx"
    clean(source, copy)
    as_csv([copy], tmp_path)
    assert [path.name for path in (tmp_path / "csv").iterdir()] == ["copy-Shown.csv"]
    texts = shown(tmp_path, "copy", "Shown")
    assert list(texts.values()) == [
        "Heading", "North", "3.14", "South", "TRUE", texts[(4, 1)], "#N/A",
    ]  # fmt: skip
    assert "2023" in texts[(4, 1)] or "23" in texts[(4, 1)]
    assert set(texts) == {(1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (4, 1), (4, 2)}


def test_the_comparison_can_fail() -> None:
    assert differing({(1, 1): "a", (1, 2): "b"}, {(1, 1): "a"}) == [(1, 2)]
    assert differing({(1, 1): "a"}, {(1, 1): "a", (1, 2): "b"}) == [(1, 2)]
    page = Page("", True, rows={1}, columns={2}, covered={(2, 3)}, moved={(3, 1): (1, 1)})
    texts = {(1, 1): "x", (2, 1): "a", (2, 2): "b", (2, 3): "c", (3, 3): "d"}
    assert page.without_hidden(texts) == {(1, 1): "a", (2, 2): "d", (2, 1): "x"}
