"""This module is the table of paint and text in charts: DrawingML (20.1) as charts use it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from safe_release.formats.charts.kinds import switch
from safe_release.formats.gate import Grammar, Row
from safe_release.formats.values import Count, font_name, keyword, rgb, visible_text

_COLORS: Final = ("a:srgbClr", "a:schemeClr", "a:sysClr", "a:prstClr", "a:scrgbClr", "a:hslClr")
_AMOUNTS: Final = (
    "tint", "shade", "alpha", "alphaOff", "alphaMod", "hue", "hueOff", "hueMod", "sat", "satOff",
    "satMod", "lum", "lumOff", "lumMod", "red", "redOff", "redMod", "green", "greenOff",
    "greenMod", "blue", "blueOff", "blueMod",
)  # fmt: skip
_SWITCHES: Final = ("comp", "inv", "gray", "gamma", "invGamma")
_CHANGES: Final = tuple(f"a:{name}*" for name in (*_AMOUNTS, *_SWITCHES))
_FILLS: Final = ("a:noFill", "a:solidFill", "a:gradFill", "a:pattFill")
_SHARE: Final = Count(-21_600_000, 21_600_000)
_EMU: Final = Count(-51_206_400, 51_206_400)
_WIDTH: Final = Count(0, 20_116_800)
_SCHEME: Final = keyword(
    "bg1", "tx1", "bg2", "tx2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6",
    "hlink", "folHlink", "dk1", "lt1", "dk2", "lt2", "phClr",
)  # fmt: skip
_SYSTEM: Final = keyword("windowText", "window", "btnFace", "btnText", "grayText", "highlight",
                         "highlightText", "infoBk", "infoText", "menu", "menuText")  # fmt: skip
_PATTERNS: Final = keyword(
    *"""pct5 pct10 pct20 pct25 pct30 pct40 pct50 pct60 pct70 pct75 pct80 pct90 horz vert ltHorz
    ltVert dkHorz dkVert narHorz narVert dashHorz dashVert cross dnDiag upDiag ltDnDiag ltUpDiag
    dkDnDiag dkUpDiag wdDnDiag wdUpDiag dashDnDiag dashUpDiag diagCross smCheck lgCheck smGrid
    lgGrid dotGrid smConfetti lgConfetti horzBrick diagBrick solidDmnd openDmnd dotDmnd plaid
    sphere weave divot shingle wave trellis zigZag""".split()
)
_ENDS: Final = {
    "type": keyword("none", "triangle", "stealth", "diamond", "oval", "arrow"),
    "w": keyword("sm", "med", "lg"),
    "len": keyword("sm", "med", "lg"),
}
_SHADOW: Final = {
    "blurRad": _WIDTH,
    "dist": _WIDTH,
    "dir": _SHARE,
}
_ALIGNMENTS: Final = keyword("tl", "t", "tr", "l", "ctr", "r", "bl", "b", "br")
_FACE: Final = {"typeface": font_name}
_BEVEL: Final = Row(
    attributes={
        "w": _WIDTH,
        "h": _WIDTH,
        "prst": keyword(
            "relaxedInset", "circle", "slope", "cross", "angle", "softRound", "convex",
            "coolSlant", "divot", "riblet", "hardEdge", "artDeco",
        ),
    }
)  # fmt: skip
_RUN: Final = {
    "kumimoji": switch,
    "sz": Count(100, 400_000),
    "b": switch,
    "i": switch,
    "u": keyword(
        "none", "words", "sng", "dbl", "heavy", "dotted", "dottedHeavy", "dash", "dashHeavy",
        "dashLong", "dashLongHeavy", "dotDash", "dotDashHeavy", "dotDotDash", "dotDotDashHeavy",
        "wavy", "wavyHeavy", "wavyDbl",
    ),
    "strike": keyword("noStrike", "sngStrike", "dblStrike"),
    "kern": Count(0, 400_000),
    "cap": keyword("none", "small", "all"),
    "spc": Count(-400_000, 400_000),
    "baseline": Count(-400_000, 400_000),
}  # fmt: skip
_RUN_HOLDS: Final = ("a:ln", *_FILLS, "a:effectLst", "a:latin", "a:ea", "a:cs", "a:sym")
_EFFECTS: Final = ("a:glow", "a:innerShdw", "a:outerShdw", "a:prstShdw", "a:softEdge")


def _rows() -> Iterable[tuple[str, Row]]:
    for name in _AMOUNTS:
        yield f"a:{name}", Row(attributes={"val": _SHARE}, needs=("val",))
    for name in _SWITCHES:
        yield f"a:{name}", Row()
    yield "a:srgbClr", Row(_CHANGES, {"val": rgb}, needs=("val",))
    yield "a:schemeClr", Row(_CHANGES, {"val": _SCHEME}, needs=("val",))
    yield "a:sysClr", Row(_CHANGES, {"val": _SYSTEM, "lastClr": rgb}, needs=("val",))
    yield "a:prstClr", Row(_CHANGES, {"val": keyword(*_PRESET)}, needs=("val",))
    share = dict.fromkeys("rgb", _SHARE)
    yield "a:scrgbClr", Row(_CHANGES, share, needs=("r", "g", "b"))
    yield "a:hslClr", Row(_CHANGES, dict.fromkeys(("hue", "sat", "lum"), _SHARE))
    yield "a:noFill", Row()
    yield "a:solidFill", Row(_COLORS)
    yield (
        "a:gradFill",
        Row(
            ("a:gsLst", "a:lin", "a:path", "a:tileRect"),
            {"flip": keyword("none", "x", "y", "xy"), "rotWithShape": switch},
        ),
    )
    yield "a:gsLst", Row(("a:gs*",))
    yield "a:gs", Row(_COLORS, {"pos": Count(0, 100_000)}, needs=("pos",))
    yield "a:lin", Row((), {"ang": _SHARE, "scaled": switch})
    yield "a:path", Row(("a:fillToRect",), {"path": keyword("shape", "circle", "rect")})
    sides = dict.fromkeys("ltrb", _SHARE)
    yield "a:fillToRect", Row((), sides)
    yield "a:tileRect", Row((), sides)
    yield "a:pattFill", Row(("a:fgClr", "a:bgClr"), {"prst": _PATTERNS})
    yield "a:fgClr", Row(_COLORS)
    yield "a:bgClr", Row(_COLORS)
    yield "a:ln", Row(
        (
            *_FILLS, "a:prstDash", "a:custDash", "a:round", "a:bevel", "a:miter", "a:headEnd",
            "a:tailEnd",
        ),
        {
            "w": _WIDTH,
            "cap": keyword("rnd", "sq", "flat"),
            "cmpd": keyword("sng", "dbl", "thickThin", "thinThick", "tri"),
            "algn": keyword("ctr", "in"),
        },
    )  # fmt: skip
    yield "a:prstDash", Row(
        (),
        {
            "val": keyword(
                "solid", "dot", "dash", "lgDash", "dashDot", "lgDashDot", "lgDashDotDot",
                "sysDash", "sysDot", "sysDashDot", "sysDashDotDot",
            )
        },
        needs=("val",),
    )  # fmt: skip
    yield "a:custDash", Row(("a:ds*",))
    yield "a:ds", Row((), {"d": _SHARE, "sp": _SHARE}, needs=("d", "sp"))
    yield "a:round", Row()
    yield "a:bevel", Row()
    yield "a:miter", Row((), {"lim": _SHARE})
    yield "a:headEnd", Row((), _ENDS)
    yield "a:tailEnd", Row((), _ENDS)
    yield from _effect_rows()
    yield from _text_rows()


def _effect_rows() -> Iterable[tuple[str, Row]]:
    yield "a:effectLst", Row(_EFFECTS)
    yield "a:glow", Row(_COLORS, {"rad": _WIDTH})
    yield "a:innerShdw", Row(_COLORS, _SHADOW)
    yield "a:outerShdw", Row(
        _COLORS,
        {
            **_SHADOW, "sx": _SHARE, "sy": _SHARE, "kx": _SHARE, "ky": _SHARE,
            "algn": _ALIGNMENTS, "rotWithShape": switch,
        },
    )  # fmt: skip
    presets = keyword(*(f"shdw{number}" for number in range(1, 21)))
    yield (
        "a:prstShdw",
        Row(_COLORS, {"prst": presets, "dist": _WIDTH, "dir": _SHARE}, needs=("prst",)),
    )
    yield "a:softEdge", Row((), {"rad": _WIDTH}, needs=("rad",))
    yield "a:scene3d", Row(("a:camera", "a:lightRig"))
    yield "a:camera", Row(("a:rot",), {"prst": keyword("orthographicFront")}, needs=("prst",))
    yield "a:lightRig", Row(
        ("a:rot",),
        {
            "rig": keyword("threePt", "balanced", "soft", "harsh", "flood", "contrasting",
                           "morning", "sunrise", "sunset", "chilly", "freezing", "flat", "twoPt",
                           "glow", "brightRoom"),
            "dir": _ALIGNMENTS,
        },
        needs=("rig", "dir"),
    )  # fmt: skip
    yield (
        "a:rot",
        Row(
            (),
            dict.fromkeys(("lat", "lon", "rev"), Count(0, 21_599_999)),
            needs=("lat", "lon", "rev"),
        ),
    )
    yield "a:sp3d", Row(
        ("a:bevelT", "a:bevelB", "a:extrusionClr", "a:contourClr"),
        {
            "z": _EMU, "extrusionH": _WIDTH, "contourW": _WIDTH,
            "prstMaterial": keyword(
                "legacyMatte", "legacyPlastic", "legacyMetal", "legacyWireframe", "matte",
                "plastic", "metal", "warmMatte", "translucentPowder", "powder", "dkEdge",
                "softEdge", "clear", "flat", "softmetal",
            ),
        },
    )  # fmt: skip
    yield "a:bevelT", _BEVEL
    yield "a:bevelB", _BEVEL
    yield "a:extrusionClr", Row(_COLORS)
    yield "a:contourClr", Row(_COLORS)


def _text_rows() -> Iterable[tuple[str, Row]]:
    body = {
        "rot": _SHARE,
        "spcFirstLastPara": switch,
        "vertOverflow": keyword("overflow", "ellipsis", "clip"),
        "horzOverflow": keyword("overflow", "clip"),
        "vert": keyword(
            "horz", "vert", "vert270", "wordArtVert", "eaVert", "mongolianVert", "wordArtVertRtl"
        ),
        "wrap": keyword("none", "square"),
        **dict.fromkeys(("lIns", "tIns", "rIns", "bIns"), _EMU),
        "anchor": keyword("t", "ctr", "b", "just", "dist"),
        "anchorCtr": switch,
    }
    yield "a:bodyPr", Row(("a:noAutofit", "a:normAutofit", "a:spAutoFit"), body)
    yield "a:noAutofit", Row()
    yield "a:spAutoFit", Row()
    yield "a:normAutofit", Row((), {"fontScale": _SHARE, "lnSpcReduction": _SHARE})
    yield "a:lstStyle", Row()
    yield "a:p", Row(("a:pPr", "a:r*", "a:endParaRPr"))
    yield (
        "a:pPr",
        Row(
            ("a:lnSpc", "a:spcBef", "a:spcAft", "a:defRPr"),
            {
                "algn": keyword("l", "ctr", "r", "just", "justLow", "dist", "thaiDist"),
                "rtl": switch,
                **dict.fromkeys(("marL", "marR"), _WIDTH),
                "indent": _EMU,
            },
        ),
    )
    for name in ("a:lnSpc", "a:spcBef", "a:spcAft"):
        yield name, Row(("a:spcPct", "a:spcPts"))
    yield "a:spcPct", Row((), {"val": _SHARE}, needs=("val",))
    yield "a:spcPts", Row((), {"val": Count(0, 158_400)}, needs=("val",))
    yield "a:defRPr", Row(_RUN_HOLDS, _RUN)
    yield "a:endParaRPr", Row(_RUN_HOLDS, _RUN)
    yield "a:rPr", Row(_RUN_HOLDS, _RUN)
    yield "a:r", Row(("a:rPr", "a:t"))
    yield "a:t", Row(text=visible_text)
    for name in ("a:latin", "a:ea", "a:cs", "a:sym"):
        yield name, Row((), _FACE, needs=("typeface",))


_PRESET: Final = """aliceBlue antiqueWhite aqua aquamarine azure beige bisque black blanchedAlmond
blue blueViolet brown burlyWood cadetBlue chartreuse chocolate coral cornflowerBlue cornsilk crimson
cyan darkBlue darkCyan darkGoldenrod darkGray darkGreen darkRed deepPink deepSkyBlue dimGray
dkBlue dkGray dkGreen dkRed firebrick floralWhite forestGreen fuchsia gainsboro ghostWhite gold
goldenrod gray green greenYellow honeydew hotPink indianRed indigo ivory khaki lavender lawnGreen
lemonChiffon lightBlue lightGray lightGreen lightYellow lime limeGreen linen ltBlue ltGray ltGreen
magenta maroon medBlue navy oldLace olive oliveDrab orange orangeRed orchid peru pink plum
powderBlue purple red rosyBrown royalBlue saddleBrown salmon sandyBrown seaGreen seaShell sienna
silver skyBlue slateBlue slateGray snow springGreen steelBlue tan teal thistle tomato turquoise
violet wheat white whiteSmoke yellow yellowGreen""".split()

PAINT: Final = ("a:noFill", "a:solidFill", "a:gradFill", "a:pattFill")
"""The fills a rule knows; a picture becomes none of them."""

DRAWING: Final[Grammar] = dict(_rows())
"""Elements of DrawingML that a chart may hold."""

SHAPE: Final = Row((*_FILLS, "a:ln", "a:effectLst", "a:scene3d", "a:sp3d"), empty=False)
"""``c:spPr`` (20.1.2.2.35): fill, line and effects; place and geometry are not the chart's."""
TEXT_BODY: Final = Row(("a:bodyPr", "a:lstStyle", "a:p*"))
"""``c:rich`` and ``c:txPr`` (20.1.2.2.39)."""
