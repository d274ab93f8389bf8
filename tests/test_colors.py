"""What colours look like and which of them can be told apart: by two hands, on any colours."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safe_release.formats.xlsx import colors as built
from safe_release.formats.xlsx.dxf import Color, read_color
from safe_release.inspectors import colors as seen
from safe_release.inspectors.raw_xml import Node

PALETTE = ["123456"] * 64
CHANNEL = st.integers(0, 255)
PAIRS = st.tuples(CHANNEL, CHANNEL, CHANNEL).flatmap(
    lambda one: st.tuples(
        st.just(one),
        st.one_of(
            st.tuples(CHANNEL, CHANNEL, CHANNEL),
            st.tuples(*(st.integers(max(0, part - 25), min(255, part + 25)) for part in one)),
        ),
    )
)


def _built(spelled: str) -> built.RGB:
    color = built.Colors(None, PALETTE).seen(Color("rgb", "FF" + spelled), "text")
    assert color is not None
    return color


def _seen(spelled: str) -> seen.Paint:
    paint = seen.Inks().look(Node("x:color", {"rgb": "FF" + spelled}), seen.INK)
    assert paint is not None
    return paint


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("FFFFFF", "FFFFFF", False),
        ("FFFFFE", "FFFFFF", False),
        ("F2F2F2", "FFFFFF", False),
        ("1F1F1F", "000000", True),
        ("050505", "000000", False),
        ("FF0000", "00FF00", True),
        ("FF0000", "008000", True),
        ("FFFF00", "FFFFFF", True),
        ("D9D9D9", "FFFFFF", True),
        ("DCE6F1", "FFFFFF", True),
        ("0000FF", "0101FC", False),
    ],
)
def test_what_a_reader_tells_apart(one: str, other: str, apart: bool) -> None:
    assert built.tells_apart(_built(one), _built(other)) == apart
    assert seen.tells_apart(_seen(other), _seen(one)) == apart


@given(PAIRS)
def test_both_hands_tell_the_same_apart(pair: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    one, other = ("".join(f"{part:02X}" for part in color) for color in pair)
    assert built.tells_apart(_built(one), _built(other)) == seen.tells_apart(
        _seen(one), _seen(other)
    )


NAMES = st.fixed_dictionaries(
    {},
    optional={
        "theme": st.sampled_from(["0", "1", "2", "3", "4", "9", "11", "12", "x", " 1 "]),
        "rgb": st.sampled_from(["FFFFFFFF", "00C00000", "abcdef", "xyz", "", "12345"]),
        "indexed": st.sampled_from(["0", "9", "63", "64", "65", "66", "81", "-1"]),
        "auto": st.sampled_from(["1", "0", "true"]),
        "tint": st.sampled_from(["0.5", "-0.2499", "0.12345678", "1", "-1", "1.5", "x", "1e-1"]),
    },
)


def _theme(make):  # type: ignore[no-untyped-def]
    def node(name, attributes=None, *children):  # type: ignore[no-untyped-def]
        made = make(name, attributes or {})
        for child in children:
            (made.children if isinstance(made, Node) else made).append(child)
        return made

    colors = [
        node("a:dk1", {}, node("a:sysClr", {"val": "windowText", "lastClr": "000000"})),
        node("a:lt1", {}, node("a:sysClr", {"val": "window"})),
        node("a:dk2", {}, node("a:srgbClr", {"val": "204060"})),
        node("a:lt2", {}, node("a:srgbClr", {"val": "F0F0E0"}, node("a:lumMod", {"val": "1"}))),
        node("a:accent1", {}, node("a:prstClr", {"val": "red"})),
        node("a:accent6", {}, node("a:srgbClr", {"val": "00AA55"})),
    ]
    return node(
        "a:theme", {}, node("a:themeElements", {}, node("a:clrScheme", {"name": "x"}, *colors))
    )


@given(NAMES, st.booleans())
def test_both_hands_see_the_same_in_a_name(names: dict[str, str], has_theme: bool) -> None:
    palette = [f"{n:02X}{255 - n:02X}80" for n in range(64)]
    ours = built.Colors(_theme(Element) if has_theme else None, palette)
    indexed = Node("x:indexedColors", {})
    indexed.children.extend(Node("x:rgbColor", {"rgb": "00" + color}) for color in palette)
    styles, colors = Node("x:styleSheet", {}), Node("x:colors", {})
    styles.children.append(colors)
    colors.children.append(indexed)
    theirs = seen.Inks(styles, _theme(Node) if has_theme else None)
    if "rgb" in names and names.get("indexed") in ("0", "9", "63"):
        del names["indexed"]  # the builder's reader has flattened such a name before
    mine = ours.seen(read_color(Element("color", names)), "text")
    other = theirs.look(Node("x:color", names), seen.INK)
    assert (mine is None) == (other is None)
    if mine is not None and other is not None:
        assert other == pytest.approx([255 * part for part in mine], abs=1e-6)
