"""What a copy says beside the cells of a sheet: view, panes, columns, page, breaks and filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from safe_release.inspectors.attributes import flag, number_on_grid
from safe_release.inspectors.grid import LAST_COLUMN, LAST_ROW, Grid, Shown, cell_reference
from safe_release.inspectors.looks import Looks
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.sheet_facts import Facts
from safe_release.inspectors.spans import Span, in_copy, span_reference
from safe_release.inspectors.texts import whole

_WHOLE = re.compile(r"[+-]?[0-9]{1,12}", re.ASCII)
_MOST_BREAKS = 1026
_OPTIONS = ("horizontalCentered", "verticalCentered", "headings", "gridLines")
_MARGINS = ("left", "right", "top", "bottom", "header", "footer")
_COUNTS = {
    "paperSize": (0, 118),
    "scale": (10, 400),
    "firstPageNumber": (0, 32_767),
    "fitToWidth": (0, 32_767),
    "fitToHeight": (0, 32_767),
}
_WORDS = {
    "pageOrder": ("downThenOver", "overThenDown"),
    "orientation": ("portrait", "landscape"),
    "errors": ("displayed", "blank", "dash", "NA"),
}


def beside_cells(facts: Facts, tables: list[Span], looks: Looks) -> Iterator[tuple[str, str]]:
    """What stands around the cells, each with its kind, in the copy's coordinates.

    ``tables`` are those of the copy: the filter of a sheet touches none of them. ``looks`` are
    those of the workbook's formats.
    """
    nodes, grid = facts.beside, facts.grid
    none = Node("", {})
    yield "view", _view(nodes.get("x:sheetViews", none), grid)
    yield "default sizes", _defaults(nodes.get("x:sheetFormatPr", none))
    yield "columns", _columns(nodes.get("x:cols", none), grid, looks)
    yield "filter", _filter(nodes.get("x:autoFilter"), grid, tables)
    fit = nodes.get("x:sheetPr", none).first("x:pageSetUpPr") or none
    yield "tab", looks.colour(nodes.get("x:sheetPr", none).first("x:tabColor"))
    yield "page", _flags(fit, ("fitToPage",))
    yield "page", _flags(nodes.get("x:printOptions", none), _OPTIONS)
    yield "page", _margins(nodes.get("x:pageMargins", none))
    yield "page", _setup(nodes.get("x:pageSetup", none))
    if facts.headers_shown():
        yield "headers and footers", _headers(nodes.get("x:headerFooter", none))
    for name, last in (("x:rowBreaks", LAST_ROW), ("x:colBreaks", LAST_COLUMN)):
        yield "page breaks", name + _breaks(nodes.get(name, none), grid, last)


def _count(text: str, low: int, high: int) -> str:
    plain = text.strip()
    return str(int(plain)) if _WHOLE.fullmatch(plain) and low <= int(plain) <= high else ""


def _flags(node: Node, names: tuple[str, ...]) -> str:
    return f"{names[0]} " + "".join(str(int(flag(node, name))) for name in names)


def _view(views: Node, grid: Grid) -> str:
    """The first view, from its start: grid lines, headings, direction, zoom and frozen panes."""
    view = views.first("x:sheetView") or Node("", {})
    zoom = view.get("zoomScale")
    if view.get("view", "normal") != "normal":
        normal = view.get("zoomScaleNormal", "0")
        zoom = normal if normal != "0" else ""
    zoom = _count(zoom, 10, 400)
    said = [
        str(int(flag(view, "showGridLines", default=True))),
        str(int(flag(view, "showRowColHeaders", default=True))),
        str(int(flag(view, "rightToLeft"))),
        zoom if zoom != "100" else "",
    ]
    pane = view.first("x:pane")
    if pane is not None and pane.get("state") in ("frozen", "frozenSplit"):
        corner = cell_reference(pane.get("topLeftCell", "A1")) or (0, 0)
        down = _frozen(_split(pane, "ySplit"), grid.first_row, corner[0], grid.rows_kept_to)
        across = _frozen(_split(pane, "xSplit"), grid.first_column, corner[1], grid.columns_kept_to)
        if 0 <= down < LAST_ROW and 0 <= across < LAST_COLUMN and down + across:
            said += [str(down), str(across)]
    return " ".join(said)


def _split(pane: Node, name: str) -> int:
    try:
        return int(float(pane.get(name, "0")))
    except (ValueError, OverflowError):
        return 0


def _frozen(split: int, first: int, corner: int, kept_to: Callable[[int], int]) -> int:
    """How many rows or columns of the copy are frozen (18.3.1.66); some writers count hidden ones
    too, and where the lower pane begins tells which was meant."""
    if split <= 0:
        return 0
    before = kept_to(first - 1)
    if corner > first and kept_to(corner - 1) - before == split:
        return split
    return kept_to(first + split - 1) - before


def _defaults(node: Node) -> str:
    return " ".join(
        (
            _count(node.get("baseColWidth"), 1, 255),
            number_on_grid(node.get("defaultColWidth"), 0.01, 255, 256),
            number_on_grid(node.get("defaultRowHeight"), 0.05, 409.5, 20) or "15",
            _flags(node, ("customHeight", "thickTop", "thickBottom")),
        )
    )


def _columns(cols: Node, grid: Grid, looks: Looks) -> str:
    """The widths and looks of the copy's columns, in runs of equal ones."""
    widths = [""] * (LAST_COLUMN + 1)
    for node in cols.children:
        first, last = whole(node.get("min")), whole(node.get("max"))
        if node.name != "x:col" or not 1 <= first <= last <= LAST_COLUMN:
            continue
        custom = "c" if flag(node, "customWidth") else ""
        width = number_on_grid(node.get("width"), 0, 255, 256)
        if width == "0":
            width = f"{1 / 256:.8f}"  # a column that shows is no narrower than that
        width += custom
        look = looks.of(whole(node.get("style")))
        width += look if look != looks.of(0) else ""
        widths[first : last + 1] = [width] * (last + 1 - first)
    states = zip(widths[1:], grid.columns[1:], strict=True)
    shown = [width for width, state in states if state is not Shown.GONE]
    runs: list[str] = []
    start = 0
    for at in range(1, len(shown) + 1):
        if at == len(shown) or shown[at] != shown[start]:
            if shown[start]:
                runs.append(f"{start + 1}-{at}:{shown[start]}")
            start = at
    return " ".join(runs)


def _filter(node: Node | None, grid: Grid, tables: list[Span]) -> str:
    span = span_reference(node.get("ref")) if node is not None else None
    left = in_copy(span, grid) if span is not None else None
    return "" if left is None or any(left.meets(table) for table in tables) else left.written()


def _margins(node: Node) -> str:
    sides = [number_on_grid(node.get(side), 0, 49, 10_000) for side in _MARGINS]
    return " ".join(sides) if all(sides) else ""


def _setup(node: Node) -> str:
    said = [_count(node.get(name), low, high) for name, (low, high) in _COUNTS.items()]
    for name, words in _WORDS.items():
        word = node.get(name).strip()
        said.append(word if word in words else "")
    said.append(_flags(node, ("blackAndWhite", "draft", "useFirstPageNumber")))
    return " ".join(said)


def _headers(node: Node) -> str:
    own = _flags(node, ("differentOddEven", "differentFirst"))
    scale, align = (flag(node, name, default=True) for name in ("scaleWithDoc", "alignWithMargins"))
    return f"{own} {int(scale)}{int(align)}"


def _breaks(node: Node, grid: Grid, last: int) -> str:
    """Manual page breaks, each after the last row or column before it that shows."""
    kept_to = grid.rows_kept_to if last == LAST_ROW else grid.columns_kept_to
    after = {
        kept_to(min(whole(child.get("id").strip()), last))
        for child in node.children
        if child.name == "x:brk" and flag(child, "man")
    }
    places = sorted(place for place in after if 0 < place < last)[:_MOST_BREAKS]
    return " ".join(map(str, places))
