"""This module is the theme (20.1.6.9): its colours and typefaces, under neutral names."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.gate import quote
from safe_release.formats.opc import XML_DECLARATION
from safe_release.formats.values import font_name, rgb

_COLORS: Final = (
    "dk1", "lt1", "dk2", "lt2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6",
    "hlink", "folHlink",
)  # fmt: skip
_DEFAULTS: Final = (
    "000000", "FFFFFF", "1F497D", "EEECE1", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6",
    "F79646", "0000FF", "800080",
)  # fmt: skip
_INDEXES: Final = (1, 0, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11)
_SYSTEM: Final = frozenset(("windowText", "window"))

_NONE_FILL: Final = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE: Final = f'<a:ln w="{{width}}">{_NONE_FILL}<a:prstDash val="solid"/></a:ln>'
_EFFECT: Final = "<a:effectStyle><a:effectLst/></a:effectStyle>"
_FORMATS: Final = (
    '<a:fmtScheme name="Theme">'
    f"<a:fillStyleLst>{_NONE_FILL * 3}</a:fillStyleLst>"
    "<a:lnStyleLst>"
    + "".join(_LINE.format(width=width) for width in (9525, 25400, 38100))
    + f"</a:lnStyleLst><a:effectStyleLst>{_EFFECT * 3}</a:effectStyleLst>"
    f"<a:bgFillStyleLst>{_NONE_FILL * 3}</a:bgFillStyleLst></a:fmtScheme>"
)


def rebuild_theme(root: Node | None, used: frozenset[int], fonts_used: frozenset[str]) -> str:
    """A theme with the source's colours and latin typefaces as far as they are used.

    ``used`` are colours by the index that cells use (0 is lt1, 1 dk1, 2 lt2, 3 dk2, 4 to 9 the
    accents, 10 and 11 the links), ``fonts_used`` are ``major`` and ``minor``. What is not used is
    what Office's first theme has. Effects and fill styles belong to shapes; cells do not use them.
    """
    colors = _find(root, "a:clrScheme")
    fonts = _find(root, "a:fontScheme")
    written = "".join(
        f"<a:{name}>{_color(_child(colors, f'a:{name}'), default, index in used)}</a:{name}>"
        for name, default, index in zip(_COLORS, _DEFAULTS, _INDEXES, strict=True)
    )
    typefaces = "".join(
        f"<a:{kind}Font>{_typefaces(fonts if kind in fonts_used else None, kind)}</a:{kind}Font>"
        for kind in ("major", "minor")
    )
    return (
        f'{XML_DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        f' name="Theme"><a:themeElements><a:clrScheme name="Theme">{written}</a:clrScheme>'
        f'<a:fontScheme name="Theme">{typefaces}</a:fontScheme>{_FORMATS}</a:themeElements>'
        "</a:theme>"
    )


def theme_colors(root: Node | None) -> list[str | None]:
    """The theme's colours by the index that cells use, six hexadecimal digits each.

    Without a theme they are those of Office's first one; ``None`` stands for a colour that the
    theme defines by other means than an RGB value or a system colour.
    """
    colors = _find(root, "a:clrScheme")
    found: list[str | None] = [None] * len(_COLORS)
    for name, default, index in zip(_COLORS, _DEFAULTS, _INDEXES, strict=True):
        node = _child(colors, f"a:{name}")
        found[index] = default if node is None else _plain(node, default)
    return found


def _plain(node: Node, default: str) -> str | None:
    color = node[0] if len(node) == 1 else Node("")
    if len(color):
        return None  # changed by what stands in it (20.1.2.3)
    if color.tag == "a:srgbClr":
        return rgb(color.get("val", ""))
    return rgb(color.get("lastClr", default)) if color.tag == "a:sysClr" else None


def _find(root: Node | None, name: str) -> Node | None:
    elements = _child(root, "a:themeElements")
    return _child(elements, name)


def _child(node: Node | None, name: str) -> Node | None:
    return next((child for child in node if child.tag == name), None) if node is not None else None


def _color(node: Node | None, default: str, is_used: bool) -> str:
    for child in node if node is not None and is_used else ():
        if child.tag == "a:srgbClr":
            return f'<a:srgbClr val="{rgb(child.get("val", "")) or default}"/>'
        if child.tag == "a:sysClr":
            last = rgb(child.get("lastClr", "")) or default
            name = child.get("val", "")
            if name in _SYSTEM:
                return f'<a:sysClr val="{name}" lastClr="{last}"/>'
            return f'<a:srgbClr val="{last}"/>'
    return f'<a:srgbClr val="{default}"/>'


def _typefaces(fonts: Node | None, kind: str) -> str:
    latin = _child(_child(fonts, f"a:{kind}Font"), "a:latin")
    name = font_name(latin.get("typeface", "")) if latin is not None else None
    default = {"major": "Cambria", "minor": "Calibri"}[kind]
    return f'<a:latin typeface="{quote(name or default)}"/><a:ea typeface=""/><a:cs typeface=""/>'
