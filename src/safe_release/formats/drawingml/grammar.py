"""This module is DrawingML as far as a copy may hold it: shapes, fills, lines, effects, texts.

Names are the standard's (ECMA-376-1 20.1 and 21.1). Parts of other formats add their own containers
(``xdr:sp``, ``p:sp``, ``wps:wsp``) with the pieces named here. What ``hidden`` and relationship
ids say has been decided before an element reaches the gate.
"""

from __future__ import annotations

from typing import Final

from safe_release.formats.drawingml import words
from safe_release.formats.drawingml.values import (
    ANGLE,
    EMU,
    LENGTH,
    Percent,
    bullet,
    formula,
    guide_name,
    guide_value,
    nothing,
    switch,
)
from safe_release.formats.gate import Grammar, Row
from safe_release.formats.values import (
    Count,
    Flag,
    ValueType,
    decided,
    font_name,
    keyword,
    rgb,
    visible_text,
)

COLOR: Final = "a:scrgbClr|a:srgbClr|a:hslClr|a:sysClr|a:schemeClr|a:prstClr"
_TWO_COLORS: Final = COLOR + "*"
FILL: Final = "a:noFill|a:solidFill|a:gradFill|a:blipFill|a:pattFill|a:grpFill"
LINE_FILL: Final = "a:noFill|a:solidFill|a:gradFill|a:pattFill"
GEOMETRY: Final = "a:custGeom|a:prstGeom"
SHAPE_PROPERTIES: Final = Row(
    ("a:xfrm", GEOMETRY, FILL, "a:ln", "a:effectLst", "a:scene3d", "a:sp3d")
)
"""20.1.2.2.35, of whatever container."""
GROUP_PROPERTIES: Final = Row(("a:xfrm", FILL, "a:effectLst", "a:scene3d"))
STYLE: Final = Row(("a:lnRef", "a:fillRef", "a:effectRef", "a:fontRef"))
TEXT_BODY: Final = Row(("a:bodyPr", "a:lstStyle", "a:p*"))
PICTURE_FILL: Final = Row(("a:blip", "a:srcRect", "a:tile|a:stretch"), {"rotWithShape": switch})
NON_VISUAL: Final = Row(
    ("a:hlinkClick",),
    {
        "id": Count(1),
        "name": visible_text,
        "descr": visible_text,
        "title": visible_text,
        "hidden": decided,
    },
)

_PERCENT: Final = Percent()
_SHARE: Final = Percent(0, 100_000)
_TRANSFORMS: Final = (
    "a:tint|a:shade|a:comp|a:inv|a:gray|a:alpha|a:alphaOff|a:alphaMod|a:hue|a:hueOff|a:hueMod|"
    "a:sat|a:satOff|a:satMod|a:lum|a:lumOff|a:lumMod|a:red|a:redOff|a:redMod|a:green|a:greenOff|"
    "a:greenMod|a:blue|a:blueOff|a:blueMod|a:gamma|a:invGamma*"
)
SCHEME: Final = (
    "bg1", "tx1", "bg2", "tx2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6",
    "hlink", "folHlink", "dk1", "lt1", "dk2", "lt2",
)  # fmt: skip
_RECOLOURINGS: Final = (
    "a:alphaBiLevel|a:alphaCeiling|a:alphaFloor|a:alphaModFix|a:alphaRepl|a:biLevel|a:blur|"
    "a:clrChange|a:clrRepl|a:duotone|a:grayscl|a:hsl|a:lum|a:tint*"
)
_RECT: Final[dict[str, ValueType]] = dict.fromkeys(("l", "t", "r", "b"), _PERCENT)
_FLIP: Final = keyword("none", "x", "y", "xy")
_PLACE: Final = keyword("tl", "t", "tr", "l", "ctr", "r", "bl", "b", "br")
_SCALED: Final[dict[str, ValueType]] = {
    "sx": _PERCENT, "sy": _PERCENT, "kx": ANGLE, "ky": ANGLE, "algn": _PLACE,
}  # fmt: skip

COLORS: Final[Grammar] = {
    "a:scrgbClr": Row(
        (_TRANSFORMS,), dict.fromkeys(("r", "g", "b"), _PERCENT), needs=("r", "g", "b")
    ),
    "a:srgbClr": Row((_TRANSFORMS,), {"val": rgb}, needs=("val",)),
    "a:hslClr": Row(
        (_TRANSFORMS,),
        {"hue": ANGLE, "sat": _PERCENT, "lum": _PERCENT},
        needs=("hue", "sat", "lum"),
    ),
    "a:sysClr": Row(
        (_TRANSFORMS,), {"val": keyword(*words.SYSTEM), "lastClr": rgb}, needs=("val",)
    ),
    "a:schemeClr": Row((_TRANSFORMS,), {"val": keyword(*SCHEME)}, needs=("val",)),
    "a:prstClr": Row((_TRANSFORMS,), {"val": keyword(*words.COLORS)}, needs=("val",)),
    **{
        f"a:{name}{change}": Row((), {"val": _PERCENT}, needs=("val",))
        for name in ("alpha", "sat", "lum", "red", "green", "blue")
        for change in ("", "Off", "Mod")
    },
    **{name: Row((), {"val": ANGLE}, needs=("val",)) for name in ("a:hue", "a:hueOff")},
    "a:hueMod": Row((), {"val": _PERCENT}, needs=("val",)),
    # A tint is a change of a colour, or an effect of a picture; so is a luminance.
    "a:tint": Row((), {"val": _PERCENT, "hue": ANGLE, "amt": _PERCENT}),
    "a:lum": Row((), {"val": _PERCENT, "bright": _PERCENT, "contrast": _PERCENT}),
    "a:shade": Row((), {"val": _PERCENT}, needs=("val",)),
    **{f"a:{name}": Row() for name in ("comp", "inv", "gray", "gamma", "invGamma")},
}
"""20.1.2.3."""

FILLS: Final[Grammar] = {
    "a:noFill": Row(),
    "a:grpFill": Row(),
    "a:solidFill": Row((COLOR,)),
    "a:gradFill": Row(
        ("a:gsLst", "a:lin|a:path", "a:tileRect"), {"flip": _FLIP, "rotWithShape": switch}
    ),
    "a:gsLst": Row(("a:gs*",)),
    "a:gs": Row((COLOR,), {"pos": _SHARE}, needs=("pos",)),
    "a:lin": Row((), {"ang": ANGLE, "scaled": Count(0, 1)}),
    "a:fillToRect": Row((), _RECT),
    "a:tileRect": Row((), _RECT),
    "a:pattFill": Row(("a:fgClr", "a:bgClr"), {"prst": keyword(*words.PATTERNS)}),
    "a:fgClr": Row((COLOR,)),
    "a:bgClr": Row((COLOR,)),
    "a:blipFill": PICTURE_FILL,
    "a:blip": Row(
        (_RECOLOURINGS,),
        {"r:embed": visible_text},
        needs=("r:embed",),
    ),
    "a:alphaBiLevel": Row((), {"thresh": _SHARE}, needs=("thresh",)),
    "a:alphaCeiling": Row(),
    "a:alphaFloor": Row(),
    "a:alphaModFix": Row((), {"amt": _PERCENT}),
    "a:alphaRepl": Row((), {"a": _SHARE}, needs=("a",)),
    "a:biLevel": Row((), {"thresh": _SHARE}, needs=("thresh",)),
    "a:clrChange": Row(("a:clrFrom", "a:clrTo"), {"useA": Flag(default=True)}),
    "a:clrFrom": Row((COLOR,)),
    "a:clrTo": Row((COLOR,)),
    "a:clrRepl": Row((COLOR,)),
    "a:duotone": Row((_TWO_COLORS,)),
    "a:grayscl": Row(),
    "a:hsl": Row((), {"hue": ANGLE, "sat": _PERCENT, "lum": _PERCENT}),
    "a:srcRect": Row((), _RECT, empty=False),
    "a:tile": Row(
        (),
        {"tx": EMU, "ty": EMU, "sx": _PERCENT, "sy": _PERCENT, "flip": _FLIP, "algn": _PLACE},
    ),
    "a:stretch": Row(("a:fillRect",)),
    "a:fillRect": Row((), _RECT),
}
"""20.1.8."""

_LINE_END: Final = Row(
    (),
    {
        "type": keyword("none", "triangle", "stealth", "diamond", "oval", "arrow"),
        "w": keyword("sm", "med", "lg"),
        "len": keyword("sm", "med", "lg"),
    },
)
LINE: Final = Row(
    (
        LINE_FILL, "a:prstDash|a:custDash", "a:round|a:bevel|a:miter", "a:headEnd", "a:tailEnd",
    ),
    {
        "w": Count(0, 20_116_800),
        "cap": keyword("rnd", "sq", "flat"),
        "cmpd": keyword("sng", "dbl", "thickThin", "thinThick", "tri"),
        "algn": keyword("ctr", "in"),
    },
)  # fmt: skip
LINES: Final[Grammar] = {
    **dict.fromkeys(("a:ln", "a:uLn"), LINE),
    "a:prstDash": Row((), {"val": keyword(*words.DASHES)}),
    "a:custDash": Row(("a:ds*",)),
    "a:ds": Row((), {"d": Percent(0), "sp": Percent(0)}, needs=("d", "sp")),
    "a:round": Row(),
    "a:bevel": Row(),
    "a:miter": Row((), {"lim": Percent(0)}),
    "a:headEnd": _LINE_END,
    "a:tailEnd": _LINE_END,
}
"""20.1.2.2.24."""

EFFECTS: Final[Grammar] = {
    "a:effectLst": Row(
        (
            "a:blur", "a:fillOverlay", "a:glow", "a:innerShdw", "a:outerShdw", "a:prstShdw",
            "a:reflection", "a:softEdge",
        )
    ),
    "a:blur": Row((), {"rad": LENGTH, "grow": Flag(default=True)}),
    "a:fillOverlay": Row(
        ("a:solidFill|a:gradFill|a:pattFill",),
        {"blend": keyword("over", "mult", "screen", "darken", "lighten")},
        needs=("blend",),
    ),
    "a:glow": Row((COLOR,), {"rad": LENGTH}),
    "a:innerShdw": Row((COLOR,), {"blurRad": LENGTH, "dist": LENGTH, "dir": ANGLE}),
    "a:outerShdw": Row(
        (COLOR,),
        {"blurRad": LENGTH, "dist": LENGTH, "dir": ANGLE, **_SCALED,
         "rotWithShape": Flag(default=True)},
    ),
    "a:prstShdw": Row(
        (COLOR,),
        {"prst": keyword(*(f"shdw{n}" for n in range(1, 21))), "dist": LENGTH, "dir": ANGLE},
        needs=("prst",),
    ),
    "a:reflection": Row(
        (),
        {
            "blurRad": LENGTH, "stA": _SHARE, "stPos": _SHARE, "endA": _SHARE, "endPos": _SHARE,
            "dist": LENGTH, "dir": ANGLE, "fadeDir": ANGLE, **_SCALED,
            "rotWithShape": Flag(default=True),
        },
    ),
    "a:softEdge": Row((), {"rad": LENGTH}, needs=("rad",)),
    "a:scene3d": Row(("a:camera", "a:lightRig")),
    "a:camera": Row(
        ("a:rot",),
        {"prst": keyword(*words.CAMERAS), "fov": ANGLE, "zoom": Percent(0)},
        needs=("prst",),
    ),
    "a:rot": Row((), {"lat": ANGLE, "lon": ANGLE, "rev": ANGLE}, needs=("lat", "lon", "rev")),
    "a:lightRig": Row(
        ("a:rot",), {"rig": keyword(*words.RIGS), "dir": _PLACE}, needs=("rig", "dir")
    ),
    "a:sp3d": Row(
        ("a:bevelT", "a:bevelB", "a:extrusionClr", "a:contourClr"),
        {
            "z": EMU,
            "extrusionH": LENGTH,
            "contourW": LENGTH,
            "prstMaterial": keyword(*words.MATERIALS),
        },
    ),
    "a:flatTx": Row((), {"z": EMU}),
    **{
        f"a:bevel{side}": Row((), {"w": LENGTH, "h": LENGTH, "prst": keyword(*words.BEVELS)})
        for side in ("T", "B")
    },
    "a:extrusionClr": Row((COLOR,)),
    "a:contourClr": Row((COLOR,)),
}  # fmt: skip
"""20.1.8 and 20.1.5."""

GEOMETRIES: Final[Grammar] = {
    "a:xfrm": Row(
        ("a:off", "a:ext", "a:chOff", "a:chExt"), {"rot": ANGLE, "flipH": Flag(), "flipV": Flag()}
    ),
    "a:off": Row((), {"x": EMU, "y": EMU}, needs=("x", "y")),
    "a:ext": Row((), {"cx": LENGTH, "cy": LENGTH}, needs=("cx", "cy")),
    "a:chOff": Row((), {"x": EMU, "y": EMU}, needs=("x", "y")),
    "a:chExt": Row((), {"cx": LENGTH, "cy": LENGTH}, needs=("cx", "cy")),
    "a:prstGeom": Row(("a:avLst",), {"prst": keyword(*words.SHAPES)}, needs=("prst",)),
    "a:avLst": Row(("a:gd*",)),
    "a:gdLst": Row(("a:gd*",)),
    "a:gd": Row((), {"name": guide_name, "fmla": formula}, needs=("name", "fmla")),
    "a:custGeom": Row(("a:avLst", "a:gdLst", "a:rect", "a:pathLst")),
    "a:rect": Row((), dict.fromkeys(("l", "t", "r", "b"), guide_value)),
    "a:pathLst": Row(("a:path*",)),
    # A path is a way of painting a gradient, or the outline of a shape.
    "a:path": Row(
        ("a:fillToRect", "a:close|a:moveTo|a:lnTo|a:arcTo|a:quadBezTo|a:cubicBezTo*"),
        {
            "path": keyword("shape", "circle", "rect"),
            "w": LENGTH,
            "h": LENGTH,
            "fill": keyword("norm", "lighten", "lightenLess", "darken", "darkenLess", "none"),
            "stroke": Flag(default=True),
            "extrusionOk": Flag(default=True),
        },
    ),
    "a:close": Row(),
    "a:moveTo": Row(("a:pt",)),
    "a:lnTo": Row(("a:pt",)),
    "a:quadBezTo": Row(("a:pt*",)),
    "a:cubicBezTo": Row(("a:pt*",)),
    "a:pt": Row((), {"x": guide_value, "y": guide_value}, needs=("x", "y")),
    "a:arcTo": Row(
        (),
        dict.fromkeys(("wR", "hR", "stAng", "swAng"), guide_value),
        needs=("wR", "hR", "stAng", "swAng"),
    ),
}
"""20.1.7 and 20.1.9."""

_REFERENCE: Final = Row((COLOR,), {"idx": Count(0, 0)}, needs=("idx",))
STYLES: Final[Grammar] = {
    "a:lnRef": _REFERENCE,
    "a:fillRef": _REFERENCE,
    "a:effectRef": _REFERENCE,
    "a:fontRef": Row((COLOR,), {"idx": keyword("major", "minor", "none")}, needs=("idx",)),
}
"""20.1.4: ``style.py`` writes out what a theme paints, so that only fonts are referred to."""

_FONT: Final = Row(
    (),
    {"typeface": font_name, "pitchFamily": Count(0, 255), "charset": Count(-128, 255)},
    needs=("typeface",),
)
_SPACING: Final = Row(("a:spcPct|a:spcPts",))
_RUN_PROPERTIES: Final = Row(
    (
        "a:ln", FILL, "a:effectLst", "a:highlight", "a:uLnTx|a:uLn", "a:uFillTx|a:uFill",
        "a:latin", "a:ea", "a:cs", "a:sym", "a:hlinkClick",
    ),
    {
        "sz": Count(100, 400_000),
        "b": switch,
        "i": switch,
        "u": keyword(*words.UNDERLINES),
        "strike": keyword("noStrike", "sngStrike", "dblStrike"),
        "kern": Count(0, 400_000),
        "cap": keyword("none", "small", "all"),
        "spc": Count(-400_000, 400_000),
        "normalizeH": Flag(),
        "baseline": _PERCENT,
    },
)  # fmt: skip
_PARAGRAPH_PROPERTIES: Final = Row(
    (
        "a:lnSpc", "a:spcBef", "a:spcAft", "a:buClrTx|a:buClr", "a:buSzTx|a:buSzPct|a:buSzPts",
        "a:buFontTx|a:buFont", "a:buNone|a:buAutoNum|a:buChar", "a:tabLst", "a:defRPr",
    ),
    {
        "marL": Count(0, 51_206_400),
        "marR": Count(0, 51_206_400),
        "lvl": Count(0, 8),
        "indent": Count(-51_206_400, 51_206_400),
        "algn": keyword("l", "ctr", "r", "just", "justLow", "dist", "thaiDist"),
        "defTabSz": EMU,
        "rtl": switch,
        "eaLnBrk": switch,
        "fontAlgn": keyword("auto", "t", "ctr", "base", "b"),
        "latinLnBrk": switch,
        "hangingPunct": switch,
    },
)  # fmt: skip
TEXTS: Final[Grammar] = {
    "a:bodyPr": Row(
        ("a:prstTxWarp", "a:noAutofit|a:normAutofit|a:spAutoFit", "a:scene3d", "a:sp3d|a:flatTx"),
        {
            "rot": ANGLE,
            "spcFirstLastPara": Flag(),
            "vertOverflow": keyword("overflow", "ellipsis", "clip"),
            "horzOverflow": keyword("overflow", "clip"),
            "vert": keyword(
                "horz", "vert", "vert270", "wordArtVert", "eaVert", "mongolianVert",
                "wordArtVertRtl",
            ),
            "wrap": keyword("none", "square"),
            **dict.fromkeys(("lIns", "tIns", "rIns", "bIns"), EMU),
            "numCol": Count(1, 16),
            "spcCol": LENGTH,
            "rtlCol": Flag(),
            "fromWordArt": Flag(),
            "anchor": keyword("t", "ctr", "b", "just", "dist"),
            "anchorCtr": Flag(),
            "upright": Flag(),
            "compatLnSpc": Flag(),
        },
    ),
    "a:prstTxWarp": Row(("a:avLst",), {"prst": keyword(*words.WARPS)}, needs=("prst",)),
    "a:noAutofit": Row(),
    "a:spAutoFit": Row(),
    "a:normAutofit": Row((), {"fontScale": _PERCENT, "lnSpcReduction": _PERCENT}),
    "a:lstStyle": Row(("a:defPPr", *(f"a:lvl{level}pPr" for level in range(1, 10)))),
    "a:defPPr": _PARAGRAPH_PROPERTIES,
    **{f"a:lvl{level}pPr": _PARAGRAPH_PROPERTIES for level in range(1, 10)},
    "a:p": Row(("a:pPr", "a:r|a:br*", "a:endParaRPr")),
    "a:pPr": _PARAGRAPH_PROPERTIES,
    "a:r": Row(("a:rPr", "a:t")),
    "a:br": Row(("a:rPr",)),
    "a:t": Row(text=visible_text),
    **dict.fromkeys(("a:rPr", "a:defRPr", "a:endParaRPr"), _RUN_PROPERTIES),
    "a:latin": _FONT,
    "a:ea": _FONT,
    "a:cs": _FONT,
    "a:sym": _FONT,
    "a:buFont": _FONT,
    "a:highlight": Row((COLOR,)),
    "a:uLnTx": Row(),
    "a:uFillTx": Row(),
    "a:uFill": Row((FILL,)),
    "a:lnSpc": _SPACING,
    "a:spcBef": _SPACING,
    "a:spcAft": _SPACING,
    "a:spcPct": Row((), {"val": _PERCENT}, needs=("val",)),
    "a:spcPts": Row((), {"val": Count(0, 158_400)}, needs=("val",)),
    "a:buClrTx": Row(),
    "a:buClr": Row((COLOR,)),
    "a:buSzTx": Row(),
    "a:buSzPct": Row((), {"val": _PERCENT}, needs=("val",)),
    "a:buSzPts": Row((), {"val": Count(100, 400_000)}, needs=("val",)),
    "a:buFontTx": Row(),
    "a:buNone": Row(),
    "a:buAutoNum": Row(
        (), {"type": keyword(*words.NUMBERINGS), "startAt": Count(1, 32_767)}, needs=("type",)
    ),
    "a:buChar": Row((), {"char": bullet}, needs=("char",)),
    "a:tabLst": Row(("a:tab*",)),
    "a:tab": Row((), {"pos": EMU, "algn": keyword("l", "ctr", "r", "dec")}),
    "a:hlinkClick": Row((), {"r:id": visible_text}, needs=("r:id",)),
}  # fmt: skip
"""21.1.2."""

LOCKS: Final[Grammar] = {
    "a:picLocks": Row((), {"noChangeAspect": Flag()}, empty=False),
}

DRAWINGML: Final[Grammar] = {
    **COLORS, **FILLS, **LINES, **EFFECTS, **GEOMETRIES, **STYLES, **TEXTS, **LOCKS,
}  # fmt: skip
"""Everything above in one table."""
NO_MACRO: Final = nothing
