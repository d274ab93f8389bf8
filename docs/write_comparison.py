"""This script compares how LibreOffice prints real workbooks and their copies: docs/comparison.md.

    python docs/write_comparison.py FOLDER [--keep PICTURES]

``FOLDER`` holds workbooks. Each is cleaned; source and copy are printed to PDF; the words of all
pages and the pictures of the first ones are compared. ``--keep`` leaves pictures of both, side by
side, for a person to look at. Needs LibreOffice, poppler and Pillow.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from safe_release import clean
from safe_release.errors import SafeReleaseError

ROOT = Path(__file__).resolve().parent
SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")
MOST_PAGES = 12
"""Pages of a workbook whose pictures are compared; words are compared on all."""
DOTS = 50
"""Dots per inch of the pictures."""
TOLD = 48
"""Steps of 255 by which two pixels have to differ to count."""
ALIKE = 0.005
"""The share of differing pixels of a page up to which it counts as alike."""
BATCH = 12
HEAD = f"""# Sources and copies side by side

Written by `docs/write_comparison.py`: real workbooks and their copies, both printed by LibreOffice.
*Words* compares the texts of all pages; *pages alike* counts those of the first {MOST_PAGES} pages
on which at most {ALIKE:.1%} of the pixels can be told apart.
"""
TABLE = ("| workbook | pages | words | pages alike | where they differ |", "|---|---|---|---|---|")
PIVOT = "LibreOffice lays pivot tables out anew"
FILE = "the source prints the name of its file"
NOTES = "LibreOffice prints notes"
TODAY = "the source asks for the day of opening"
UNKNOWN = "LibreOffice does not know functions of the source"
GROUND = "letters in the colour of their ground are gone"
BACKSLASHES = "LibreOffice cannot open the source, whose parts are named with backslashes"
SEEN = {
    "123233_charts.xlsx": f"an axis over an empty hidden cell says 1; {TODAY}",
    "47737.xlsx": "LibreOffice calculates a formula whose stored result is the empty text",
    "49609.xlsx": BACKSLASHES,
    "57181.xlsm": f"{FILE} and its number of pages; {GROUND}",
    "AllShapes.xlsx": "LibreOffice paints the diagram of the copy, not that of the source",
    "Book1.xlsx": f"a chart is a little wider; {NOTES}",
    "Complex01.xlsx": NOTES,
    "ConditionalFormattingSamples.xlsx": FILE,
    "Connection.xlsx": UNKNOWN,
    "CubeFromRange-Input.xlsx": UNKNOWN,
    "DialogSheet.xlsx": PIVOT,
    "LONumbers.xlsx": f"LibreOffice counts dates before March 1900 a day apart; {GROUND}",
    "PersonalBudget_TP10188514.xltx": "not explained: the source is printed at a smaller scale",
    "Pivot2.xlsx": PIVOT,
    "StatusReportforProjectSponsors_TP10204408.xltx": f"{TODAY}; {PIVOT}",
    "StructuredRefs-lots-with-lookups.xlsx": f"{GROUND}; LibreOffice takes lines away that a rule"
    " leaves",
    "TemplateWithTableSourcePivotTables.xlsx": PIVOT,
    "checkbox01.xlsx": "a check box is a text in the copy",
    "column-style-autofilter.xlsx": PIVOT,
    "dataValidationTableRange.xlsx": GROUND,
    "embed_image01.xlsx": "a picture in a cell is left out",
    "issue_530.xlsx": BACKSLASHES,
    "metadata_2019.xlsx": UNKNOWN,
    "pivots.xlsx": PIVOT,
    "pivottable_tabular_mode.xlsx": PIVOT,
    "simple-monthly-budget.xlsx": "texts of a chart stand otherwise",
    "stress002.xlsx": f"{FILE}; {TODAY}; {GROUND}",
    "stress024.xlsx": TODAY,
    "tdf111974.xlsm": "metafiles became pixels, whose words are no text",
    "test-issue-880.xlsx": f"{GROUND}; LibreOffice prints no cells that have a fill alone",
    "threaded_comments_none.xlsx": TODAY,
    "universal-content-strict.xlsx": "a hidden shape makes the source longer",
}
"""What a person saw who looked at the pictures of pages that differ."""


@dataclass(frozen=True)
class Compared:
    """What came of one workbook; ``problem`` where it could not be compared."""

    name: str
    problem: str = ""
    pages: tuple[int, int] = (0, 0)
    words_lost: int = 0
    words_new: int = 0
    alike: int = 0
    looked_at: int = 0

    @property
    def same_words(self) -> bool:
        return not self.problem and not self.words_lost and not self.words_new

    @property
    def same_pages(self) -> bool:
        is_counted = not self.problem and self.pages[0] == self.pages[1]
        return is_counted and self.alike == self.looked_at

    def row(self) -> str:
        if self.problem:
            return f"| {self.name} | {self.problem} | | | {SEEN.get(self.name, '')} |"
        pages = (
            f"{self.pages[0]}" if self.pages[0] == self.pages[1] else "{} → {}".format(*self.pages)
        )
        words = "same" if self.same_words else f"{self.words_lost} lost, {self.words_new} new"
        is_same = self.same_words and self.same_pages
        seen = "" if is_same else SEEN.get(self.name, "not explained")
        alike = f"{self.alike} of {self.looked_at}"
        return f"| {self.name} | {pages} | {words} | {alike} | {seen} |"


def print_to_pdf(files: Iterable[Path], folder: Path) -> None:
    """Print workbooks to PDF in one run of LibreOffice; those it cannot read are left out."""
    profile = folder / "profile"
    subprocess.run(  # noqa: S603
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",  # noqa: S607
         "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)],
        check=False, capture_output=True, timeout=900,
    )  # fmt: skip
    shutil.rmtree(profile, ignore_errors=True)


def words(pdf: Path) -> Counter[str]:
    """The words on all pages."""
    run = subprocess.run(  # noqa: S603
        ["pdftotext", "-q", str(pdf), "-"],  # noqa: S607
        check=False,
        capture_output=True,
        timeout=300,
    )
    return Counter(run.stdout.decode("utf-8", "replace").split())


def page_count(pdf: Path) -> int:
    run = subprocess.run(["pdfinfo", str(pdf)], check=False, capture_output=True, timeout=60)  # noqa: S603, S607
    lines = run.stdout.decode("utf-8", "replace").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pages:")), 0)


def pictures(pdf: Path) -> list[Path]:
    """The first pages as pictures."""
    stem = pdf.with_suffix("")
    subprocess.run(  # noqa: S603
        ["pdftoppm", "-q", "-png", "-r", str(DOTS), "-l", str(MOST_PAGES), str(pdf), str(stem)],  # noqa: S607
        check=False, capture_output=True, timeout=300,
    )  # fmt: skip
    return sorted(stem.parent.glob(f"{stem.name}-*.png"))


def differing(one: Path, other: Path) -> float:
    """The share of pixels by which two pictures can be told apart."""
    with Image.open(one) as left, Image.open(other) as right:
        if left.size != right.size:
            return 1.0
        strongest = ImageChops.difference(left.convert("RGB"), right.convert("RGB")).convert("L")
        counts = strongest.histogram()
        return sum(counts[TOLD:]) / max(1, sum(counts))


def beside(left: Path, right: Path, target: Path) -> None:
    """Both pictures on one."""
    with Image.open(left) as one, Image.open(right) as other:
        canvas = Image.new("RGB", (one.width + other.width + 8, max(one.height, other.height)))
        canvas.paste(one.convert("RGB"), (0, 0))
        canvas.paste(other.convert("RGB"), (one.width + 8, 0))
        canvas.save(target)


def compare(name: str, source: Path, copy: Path, keep: Path | None) -> Compared:
    """The prints of a source and its copy."""
    if not source.exists() or not copy.exists():
        return Compared(name, "LibreOffice prints no page of it")
    before, after = words(source), words(copy)
    pairs = list(zip(pictures(source), pictures(copy), strict=False))
    alike = 0
    for number, (left, right) in enumerate(pairs, 1):
        is_alike = differing(left, right) <= ALIKE
        alike += is_alike
        if keep is not None:
            mark = "same" if is_alike else "differs"
            beside(left, right, keep / f"{name}-{number:02}-{mark}.png")
    return Compared(
        name,
        pages=(page_count(source), page_count(copy)),
        words_lost=(before - after).total(),
        words_new=(after - before).total(),
        alike=alike,
        looked_at=len(pairs),
    )


def compare_all(files: list[Path], keep: Path | None) -> Iterator[Compared]:
    """Compare file by file, in batches that share a run of LibreOffice."""
    for start in range(0, len(files), BATCH):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            yield from _batch(files[start : start + BATCH], folder, keep)


def _batch(files: list[Path], folder: Path, keep: Path | None) -> Iterator[Compared]:
    ready: list[tuple[Path, str]] = []
    problems: dict[Path, str] = {}
    for number, path in enumerate(files):
        try:
            clean(path, folder / f"c{number}.xlsx")
        except SafeReleaseError as error:
            problems[path] = f"refused: {error.problem}"
            continue
        shutil.copy(path, folder / f"s{number}{path.suffix}")
        ready.append((path, str(number)))
    print_to_pdf(
        [p for path, number in ready for p in (folder / f"s{number}{path.suffix}",
                                               folder / f"c{number}.xlsx")],
        folder,
    )  # fmt: skip
    numbers = dict(ready)
    for path in files:
        if path in problems:
            yield Compared(path.name, problems[path])
        else:
            number = numbers[path]
            yield compare(path.name, folder / f"s{number}.pdf", folder / f"c{number}.pdf", keep)


def page(rows: list[Compared]) -> str:
    """docs/comparison.md."""
    cleaned = [row for row in rows if not row.problem]
    pages = sum(row.looked_at for row in cleaned)
    summary = (
        f"Of {len(rows)} workbooks {len(cleaned)} were cleaned and printed; "
        f"{sum(row.same_words for row in cleaned)} have the same words on paper, "
        f"{sum(row.same_pages for row in cleaned)} the same pages "
        f"({sum(row.alike for row in cleaned)} of {pages} pages are alike)."
    )
    return "\n".join([HEAD, summary, "", *TABLE, *(row.row() for row in rows), ""])


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare prints of workbooks and their copies.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="where to leave pictures, side by side")
    parser.add_argument("--only", help="part of the names of the workbooks to compare")
    arguments = parser.parse_args()
    files = sorted(p for p in arguments.folder.iterdir() if p.suffix.lower() in SUFFIXES)
    if arguments.only:
        files = [path for path in files if arguments.only in path.name]
    if arguments.keep is not None:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    rows = list(compare_all(files, arguments.keep))
    if arguments.only:
        print("\n".join(row.row() for row in rows))  # noqa: T201
    else:
        (ROOT / "comparison.md").write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
