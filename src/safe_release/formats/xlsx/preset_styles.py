"""This module is the built-in table and pivot styles, as a table of families.

Office applications ship 144 styles that a workbook names without defining them. Their looks are
those of ``presetTableStyles.xml``, an electronic addendum to ECMA-376 part 1 (annex G); no other
source and no running application stands behind this table. Each group of seven styles (four in
the last) is one family: a first style in black and white and one style for each accent colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from safe_release.formats.xlsx.dxf import EDGES, Color, Dxf, Line

_COUNTS: Final = {
    "PivotStyleLight": 28,
    "PivotStyleMedium": 28,
    "PivotStyleDark": 28,
    "TableStyleLight": 21,
    "TableStyleMedium": 28,
    "TableStyleDark": 11,
}

# A line holds ST_TableStyleType names, a colon, and what they set: the font (bold, colour), the
# fill after "on", and lines of the border by side, style and colour. "box" is the four outer sides
# and "grid" all six. "lt1" and "dk1" are theme colours, "acc" the accent of the style and "next"
# the one after; a signed number after it is the tint in percent.
_FAMILIES: Final[Mapping[tuple[str, int], tuple[str, str]]] = {
    ("PivotStyleLight", 1): (
        """
        wholeTable: dk1, horizontal thin lt1-15
        headerRow: bold dk1, top+bottom thin dk1+50
        totalRow: bold dk1, on lt1, top+bottom thin dk1+50
        firstRowStripe: on lt1-15, top+bottom thin lt1-35
        firstColumnStripe: on lt1-15, grid thin lt1-35
        firstSubtotalRow firstRowSubheading: bold dk1
        secondSubtotalRow secondRowSubheading: bold dk1+50
        pageFieldLabels pageFieldValues: top+bottom thin dk1+50
        """,
        """
        wholeTable: dk1, horizontal thin acc+80
        headerRow: bold dk1, top+bottom thin acc
        totalRow: bold dk1, on lt1, top+bottom thin acc
        firstRowStripe: on acc+80, top+bottom thin acc+60
        firstColumnStripe: on acc+80, grid thin acc+60
        firstSubtotalRow firstRowSubheading: bold dk1
        secondSubtotalRow secondRowSubheading: bold acc
        pageFieldLabels pageFieldValues: top+bottom thin acc
        """,
    ),
    ("PivotStyleLight", 8): (
        """
        wholeTable: dk1, horizontal thin lt1-15
        headerRow: bold dk1, box medium dk1+50, horizontal thin lt1
        totalRow: bold dk1, box medium dk1+50
        firstColumn: right thin dk1+50
        firstRowStripe: box thin lt1-35
        firstColumnStripe: box thin lt1-45
        firstSubtotalRow: bold dk1, on lt1-15, top+bottom thin lt1-35
        secondSubtotalRow secondRowSubheading: bold dk1
        secondColumnSubheading: top thin lt1-35
        firstRowSubheading: bold dk1, on lt1-15, bottom thin lt1
        """,
        """
        wholeTable: acc-25, horizontal thin acc+80
        headerRow: bold dk1, box medium acc, horizontal thin lt1
        totalRow: bold dk1, box medium acc
        firstColumn: right thin acc
        firstRowStripe: box thin acc+60
        firstColumnStripe: box thin acc
        firstSubtotalRow: bold dk1, on acc+80, top+bottom thin acc+60
        secondSubtotalRow secondRowSubheading: bold dk1
        secondColumnSubheading thirdColumnSubheading: top thin acc+80
        firstRowSubheading: bold dk1, on acc+80, bottom thin lt1
        """,
    ),
    ("PivotStyleLight", 15): (
        """
        headerRow: bold dk1, on lt1-15, bottom thin lt1-35
        totalRow: bold dk1, on lt1-15, top thin lt1-35
        firstRowStripe firstSubtotalColumn: on lt1-15
        firstColumnStripe: on lt1-15, left+right thin lt1-25
        firstSubtotalRow: bold dk1, top+bottom thin dk1+50
        secondSubtotalRow secondRowSubheading: bold dk1
        firstRowSubheading: bold dk1, bottom thin lt1-35
        pageFieldLabels pageFieldValues: on lt1-15, bottom thin lt1-35
        """,
        """
        headerRow: bold dk1, on acc+80, bottom thin acc+40
        totalRow: bold dk1, on acc+80, top thin acc+40
        firstRowStripe firstSubtotalColumn: on lt1-15
        firstColumnStripe: on lt1-15, left+right thin lt1-25
        firstSubtotalRow: bold dk1, top+bottom thin acc
        secondSubtotalRow secondRowSubheading: bold dk1
        firstRowSubheading: bold dk1, bottom thin acc+40
        pageFieldLabels pageFieldValues: on acc+80, bottom thin acc+40
        """,
    ),
    ("PivotStyleLight", 22): (
        """
        wholeTable: dk1, box+vertical thin dk1+50
        headerRow: bold dk1, bottom thin dk1+50
        totalRow: bold dk1, top thin dk1+50
        firstColumn firstSubtotalRow secondSubtotalRow pageFieldLabels: bold dk1
        firstRowStripe: on lt1-15, top+bottom thin dk1+50
        firstColumnStripe: on lt1-15
        firstSubtotalColumn: bold dk1, left+right thin lt1-35
        """,
        """
        wholeTable: acc-25, box+vertical thin acc
        headerRow: acc-25, bottom thin acc
        totalRow: acc-25, top thin acc
        firstColumn firstSubtotalColumn firstSubtotalRow secondSubtotalRow pageFieldLabels: acc-25
        firstRowStripe: on acc+80, top+bottom thin dk1+50
        firstColumnStripe: on acc+80
        """,
    ),
    ("PivotStyleMedium", 1): (
        """
        wholeTable: dk1, horizontal thin lt1-15
        headerRow: lt1, on dk1+50, horizontal thin dk1+50
        totalRow: bold dk1, top double dk1+50
        firstRowStripe: top+bottom+horizontal thin dk1+50
        firstColumnStripe: left+right thin dk1+50
        firstHeaderCell: bold lt1
        firstSubtotalRow: bold lt1, on lt1-35
        secondSubtotalRow: bold dk1, on lt1-15
        firstColumnSubheading: bottom thin lt1-15
        firstRowSubheading: lt1, on lt1-35, bottom+horizontal thin lt1-15
        secondRowSubheading: on lt1-15, bottom thin lt1-15
        pageFieldLabels pageFieldValues: top+bottom thin lt1-15
        """,
        """
        wholeTable: dk1, horizontal thin acc+80
        headerRow: lt1, on acc-25, horizontal thin acc-25
        totalRow: bold dk1, top double acc-25
        firstRowStripe: top+bottom+horizontal thin acc-25
        firstColumnStripe: left+right thin acc-25
        firstHeaderCell: bold lt1
        firstSubtotalRow: bold lt1, on acc+40
        secondSubtotalRow: bold dk1, on lt1-15
        firstColumnSubheading: bottom thin acc+60
        firstRowSubheading: lt1, on acc+40, bottom thin acc+80, horizontal thin acc+40
        secondRowSubheading: on acc+80, bottom thin acc
        pageFieldLabels pageFieldValues: top+bottom thin acc+80
        """,
    ),
    ("PivotStyleMedium", 8): (
        """
        wholeTable: dk1
        headerRow: bold lt1, on dk1+50, top medium dk1+50
        totalRow: bold dk1, top thin dk1, bottom medium dk1+50
        firstRowStripe: top+bottom+horizontal thin lt1-25
        firstColumnStripe: left+right medium lt1-15
        firstSubtotalColumn: bold dk1, box medium lt1-25
        firstSubtotalRow: bold dk1, on lt1-25
        secondSubtotalRow secondRowSubheading: bold dk1
        firstRowSubheading: bold dk1, on lt1-15
        pageFieldLabels pageFieldValues: on lt1-15
        """,
        """
        wholeTable: dk1
        headerRow: bold lt1, on acc, top medium acc-25
        totalRow: bold dk1, top thin acc-25, bottom medium acc-25
        firstRowStripe: top+bottom+horizontal thin acc+40
        firstColumnStripe: left+right thin acc+40
        firstSubtotalColumn: bold dk1, box medium acc+60
        firstSubtotalRow: bold dk1, on acc+60
        secondSubtotalRow secondRowSubheading: bold dk1
        firstRowSubheading: bold dk1, on acc+80
        pageFieldLabels pageFieldValues: on acc+80
        """,
    ),
    ("PivotStyleMedium", 15): (
        """
        wholeTable: dk1, on lt1-5, left+right+vertical thin lt1-15
        headerRow totalRow: lt1, on dk1, left+right+vertical none
        firstRowStripe: on lt1-15, top+bottom thin lt1-25
        firstColumnStripe: on lt1-15, left+right thin lt1-25
        firstSubtotalColumn: dk1, on lt1-25, left+right+top thin lt1-35
        firstSubtotalRow: bold dk1, bottom thin lt1-25
        secondSubtotalRow secondRowSubheading: bold dk1+50
        firstRowSubheading thirdRowSubheading: bold dk1
        pageFieldLabels pageFieldValues: top+bottom thin dk1
        """,
        """
        wholeTable: dk1, on acc+80, left+right+vertical thin acc+60
        headerRow totalRow: lt1, on dk1, left+right+vertical none
        firstRowStripe: on acc+80, top+bottom thin acc+60
        firstColumnStripe: on acc+80, left+right thin acc+60
        firstSubtotalColumn: dk1, on acc+60, left+right+top thin acc+40
        firstSubtotalRow: bold dk1, bottom thin acc+60
        secondSubtotalRow secondRowSubheading: bold dk1+50
        firstRowSubheading thirdRowSubheading: bold dk1
        pageFieldLabels pageFieldValues: top+bottom thin dk1
        """,
    ),
    ("PivotStyleMedium", 22): (
        """
        wholeTable: dk1+50, on lt1-15, vertical thin lt1
        headerRow: bold dk1+50, bottom thin lt1
        totalRow: bold dk1+50
        firstColumn pageFieldLabels: bold dk1+50, on lt1-25
        secondRowStripe secondColumnStripe: on lt1-25
        firstSubtotalRow secondSubtotalRow firstRowSubheading: bold dk1
        """,
        """
        wholeTable: acc-25, on acc+80, vertical thin lt1
        headerRow: bold acc-25, bottom thin lt1
        totalRow: bold acc-25
        firstColumn pageFieldLabels: bold acc-25, on acc+60
        secondRowStripe secondColumnStripe: on acc+60
        firstSubtotalRow secondSubtotalRow firstRowSubheading: bold dk1
        """,
    ),
    ("PivotStyleDark", 1): (
        """
        wholeTable: dk1, on lt1-25, horizontal thin lt1-15
        headerRow: bold lt1, on dk1+50, bottom thin lt1, horizontal thin dk1+50
        totalRow: bold lt1, on dk1+50
        secondRowStripe: on lt1-35
        secondColumnStripe: left+right thin lt1-15
        firstSubtotalRow: bold dk1, bottom thin lt1-35
        firstRowSubheading: bold dk1, on lt1-15, top+bottom thin lt1-35
        secondRowSubheading: bold dk1
        pageFieldLabels: bold lt1, on dk1+50, horizontal thin dk1+50
        pageFieldValues: lt1, on dk1+50, horizontal thin dk1+50
        """,
        """
        wholeTable: dk1, on acc+60, horizontal thin acc+80
        headerRow: bold lt1, on acc-50, bottom thin acc, horizontal thin acc-50
        totalRow: bold lt1, on acc-50
        secondRowStripe: on acc+40
        secondColumnStripe: left+right thin acc+80
        firstSubtotalRow: bold dk1, bottom thin acc+80
        firstRowSubheading: bold dk1, on acc+80, top+bottom thin acc+40
        secondRowSubheading: bold dk1
        pageFieldLabels: bold lt1, on acc-50, horizontal thin acc-50
        pageFieldValues: lt1, on acc-50, horizontal thin acc-50
        """,
    ),
    ("PivotStyleDark", 8): (
        """
        wholeTable: dk1, on lt1-15, box medium dk1+50
        headerRow totalRow: bold lt1, on dk1+25
        secondRowStripe: top+bottom thin lt1-25
        firstColumnStripe secondColumnStripe: left+right thin lt1-45
        firstSubtotalRow: bold dk1, on lt1-25
        secondColumnSubheading thirdColumnSubheading: top medium lt1-25
        firstRowSubheading: bold dk1, on lt1-25, bottom medium lt1-15
        secondRowSubheading: bold dk1
        pageFieldLabels: left+top+bottom medium dk1+50
        pageFieldValues: right+top+bottom medium dk1+50
        """,
        """
        wholeTable: dk1, on acc+80, box medium dk1+50
        headerRow totalRow: bold lt1, on dk1+25
        secondRowStripe: top+bottom thin acc+60
        firstColumnStripe secondColumnStripe: left+right thin acc+40
        firstSubtotalRow: bold dk1, on acc+60
        secondColumnSubheading thirdColumnSubheading: top medium acc+80
        firstRowSubheading: bold dk1, on acc+60, bottom medium acc+80
        secondRowSubheading: bold dk1
        pageFieldLabels: left+top+bottom medium dk1+50
        pageFieldValues: right+top+bottom medium dk1+50
        """,
    ),
    ("PivotStyleDark", 15): (
        """
        wholeTable: lt1-15, on lt1-45
        headerRow totalRow: bold lt1, on dk1
        firstRowStripe: top+bottom thin lt1-35
        firstColumnStripe: left+right thin lt1-25
        firstSubtotalColumn: on dk1+50, box thin lt1-35
        firstSubtotalRow secondRowSubheading pageFieldLabels: bold lt1
        firstColumnSubheading: bottom thin lt1-35
        firstRowSubheading: bold lt1, on dk1+50, bottom thin acc1+80
        """,
        """
        wholeTable: acc+80, on acc
        headerRow totalRow: bold lt1, on dk1
        firstRowStripe: top+bottom thin acc+40
        firstColumnStripe: left+right thin acc+40
        firstSubtotalColumn: on acc-25, box thin acc+40
        firstSubtotalRow secondRowSubheading pageFieldLabels: bold lt1
        firstColumnSubheading: bottom thin acc+40
        firstRowSubheading: bold lt1, on acc-25
        """,
    ),
    ("PivotStyleDark", 22): (
        """
        wholeTable: lt1-15, on lt1-50, vertical thin lt1
        headerRow: on dk1+50, bottom medium lt1
        totalRow: bold lt1, top medium lt1
        firstColumn pageFieldLabels: on dk1+50
        secondRowStripe secondColumnStripe: on lt1-45
        firstHeaderCell firstRowSubheading secondRowSubheading: bold lt1
        firstSubtotalRow: bold lt1-15
        secondSubtotalRow: bold dk1
        """,
        """
        wholeTable: acc+80, on acc, vertical thin lt1
        headerRow: on acc-25, bottom medium lt1
        totalRow: bold lt1, top medium lt1
        firstColumn pageFieldLabels: on acc-25
        secondRowStripe secondColumnStripe: on acc+40
        firstHeaderCell secondSubtotalRow firstRowSubheading secondRowSubheading: bold lt1
        firstSubtotalRow: acc+80
        """,
    ),
    ("TableStyleLight", 1): (
        """
        wholeTable: dk1, top+bottom thin dk1
        headerRow: bold dk1, bottom thin dk1
        totalRow: bold dk1, top thin dk1
        firstColumn lastColumn: bold dk1
        firstRowStripe firstColumnStripe: on lt1-15
        """,
        """
        wholeTable: acc-25, top+bottom thin acc
        headerRow: bold acc-25, bottom thin acc
        totalRow: bold acc-25, top thin acc
        firstColumn lastColumn: bold acc-25
        firstRowStripe firstColumnStripe: on acc+80
        """,
    ),
    ("TableStyleLight", 8): (
        """
        wholeTable: dk1, box thin dk1
        headerRow: bold lt1, on dk1
        totalRow: bold dk1, top double dk1
        firstColumn lastColumn: bold dk1
        firstRowStripe secondRowStripe: top thin dk1
        firstColumnStripe secondColumnStripe: left thin dk1
        """,
        """
        wholeTable: dk1, box thin acc
        headerRow: bold lt1, on acc
        totalRow: bold dk1, top double acc
        firstColumn lastColumn: bold dk1
        firstRowStripe secondRowStripe: top thin acc
        firstColumnStripe secondColumnStripe: left thin acc
        """,
    ),
    ("TableStyleLight", 15): (
        """
        wholeTable: dk1, grid thin dk1
        headerRow: bold dk1, bottom medium dk1
        totalRow: bold dk1, top double dk1
        firstColumn lastColumn: bold dk1
        firstRowStripe firstColumnStripe: on lt1-15
        """,
        """
        wholeTable: dk1, grid thin acc
        headerRow: bold dk1, bottom medium acc
        totalRow: bold dk1, top double acc
        firstColumn lastColumn: bold dk1
        firstRowStripe firstColumnStripe: on acc+80
        """,
    ),
    ("TableStyleMedium", 1): (
        """
        wholeTable: dk1, box+horizontal thin dk1
        headerRow: bold lt1, on dk1
        totalRow: bold dk1, top double dk1
        firstColumn lastColumn: bold dk1
        firstRowStripe firstColumnStripe: on lt1-15
        """,
        """
        wholeTable: dk1, box+horizontal thin acc+40
        headerRow: bold lt1, on acc
        totalRow: bold dk1, top double acc
        firstColumn lastColumn: bold dk1
        firstRowStripe firstColumnStripe: on acc+80
        """,
    ),
    ("TableStyleMedium", 8): (
        """
        wholeTable: dk1, on lt1-15, vertical+horizontal thin lt1
        headerRow: bold lt1, on dk1, bottom thick lt1
        totalRow: bold lt1, on dk1, top thick lt1
        firstColumn lastColumn: bold lt1, on dk1
        firstRowStripe firstColumnStripe: on lt1-35
        """,
        """
        wholeTable: dk1, on acc+80, vertical+horizontal thin lt1
        headerRow: bold lt1, on acc, bottom thick lt1
        totalRow: bold lt1, on acc, top thick lt1
        firstColumn lastColumn: bold lt1, on acc
        firstRowStripe firstColumnStripe: on acc+60
        """,
    ),
    ("TableStyleMedium", 15): (
        """
        wholeTable: dk1, left+right+vertical+horizontal thin dk1, top+bottom medium dk1
        headerRow: bold lt1, on dk1, bottom medium dk1
        totalRow: top double dk1
        firstColumn lastColumn: bold lt1, on dk1
        firstRowStripe firstColumnStripe: on lt1-15
        """,
        """
        wholeTable: dk1, top+bottom medium dk1
        headerRow: bold lt1, on acc, bottom medium dk1
        totalRow: top double dk1
        firstColumn lastColumn: bold lt1, on acc
        firstRowStripe firstColumnStripe: on lt1-15
        """,
    ),
    ("TableStyleMedium", 22): (
        """
        wholeTable: dk1, on lt1-15, grid thin dk1
        headerRow firstColumn lastColumn: bold dk1
        totalRow: bold dk1, top medium dk1
        firstRowStripe firstColumnStripe: on lt1-35
        """,
        """
        wholeTable: dk1, on acc+80, grid thin acc+40
        headerRow firstColumn lastColumn: bold dk1
        totalRow: bold dk1, top medium acc
        firstRowStripe firstColumnStripe: on acc+60
        """,
    ),
    ("TableStyleDark", 1): (
        """
        wholeTable: lt1, on dk1+45
        headerRow: bold lt1, on dk1, bottom medium lt1
        totalRow: bold lt1, on dk1+15, top medium lt1
        firstColumn: bold lt1, on dk1+25, right medium lt1
        lastColumn: bold lt1, on dk1+25, left medium lt1
        firstRowStripe firstColumnStripe: on dk1+25
        """,
        """
        wholeTable: lt1, on acc
        headerRow: bold lt1, on dk1, bottom medium lt1
        totalRow: bold lt1, on acc-50, top medium lt1
        firstColumn: bold lt1, on acc-25, right medium lt1
        lastColumn: bold lt1, on acc-25, left medium lt1
        firstRowStripe firstColumnStripe: on acc-25
        """,
    ),
    ("TableStyleDark", 8): (
        """
        wholeTable: on lt1-15
        headerRow: lt1, on dk1
        totalRow: bold dk1, top double dk1
        firstColumn lastColumn: bold dk1
        firstRowStripe firstColumnStripe: on lt1-35
        """,
        """
        wholeTable: on acc+80
        headerRow: lt1, on next
        totalRow: bold dk1, top double dk1
        firstColumn lastColumn: bold dk1
        firstRowStripe firstColumnStripe: on acc+60
        """,
    ),
}

_NAME: Final = re.compile(r"((?:Pivot|Table)Style(?:Light|Medium|Dark))([1-9][0-9]?)")
_COLOR: Final = re.compile(r"(\w+)([+-][0-9]+)?")
_SIDES: Final = {"box": EDGES[:4], "grid": EDGES}


@lru_cache(maxsize=256)
def preset_style(name: str) -> Mapping[str, Dxf] | None:
    """The looks of a built-in style, by ST_TableStyleType (18.18.93); ``None`` if there is none.

    Tints are given in whole percents; the addendum has them cut to multiples of 1/32767.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    group, number = match[1], int(match[2])
    if number > _COUNTS[group]:
        return None
    first = number - (number - 1) % 7
    offset = number - first
    plain, accented = _FAMILIES[group, first]
    # The last three dark table styles pair accents 1 and 2, 3 and 4, 5 and 6.
    accent = 2 * offset - 1 if (group, first) == ("TableStyleDark", 8) else offset
    looks = _looks(plain if offset == 0 else accented, accent)
    if name == "PivotStyleLight2":  # the one style of its family without bold there
        for kind in ("secondSubtotalRow", "secondRowSubheading"):
            looks[kind] = Dxf(color=looks[kind].color)
    return MappingProxyType(looks)


def _looks(text: str, accent: int) -> dict[str, Dxf]:
    looks: dict[str, Dxf] = {}
    for line in text.split("\n"):
        kinds, colon, description = line.partition(":")
        if colon:
            look = _look(description, accent)
            looks.update((kind, look) for kind in kinds.split())
    return looks


def _look(description: str, accent: int) -> Dxf:
    found: dict[str, object] = {}
    for clause in description.split(","):
        words = clause.split()
        if words[0] == "on":
            ground = _color(words[1], accent)
            found.update(pattern="solid", fg=ground, bg=ground)
        elif len(words) > 1 and words[0] != "bold":
            line = Line(words[1], _color(words[2], accent) if len(words) > 2 else None)
            found.update((side, line) for side in _sides(words[0]))
        else:
            if words[0] == "bold":
                found["bold"] = True
            if words[-1] != "bold":
                found["color"] = _color(words[-1], accent)
    return Dxf(**found)  # type: ignore[arg-type]


def _sides(text: str) -> Iterator[str]:
    for word in text.split("+"):
        yield from _SIDES.get(word, (word,))


def _color(text: str, accent: int) -> Color:
    name, percent = _COLOR.findall(text)[0]
    themes = {"lt1": 0, "dk1": 1, "acc1": 4, "acc": 3 + accent, "next": 4 + accent}
    return Color("theme", themes[name], int(percent or 0) / 100)
