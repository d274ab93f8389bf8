"""Web links of a copy are URIs of RFC 3986 in ASCII: readers refuse a package with others."""

from __future__ import annotations

import re

import pytest

from conftest import Clean
from makers.packages import Package
from makers.sheets import workbook
from safe_release import verify
from safe_release.formats.xlsx.furniture import web_address
from safe_release.inspectors.links import link_reading
from safe_release.inspectors.package import Relationship
from safe_release.inspectors.sheet_facts import Link
from test_verify import edited

SHEET = "xl/worksheets/sheet1.xml"
RELS = "xl/worksheets/_rels/sheet1.xml.rels"

KEPT = {
    "https://example.org/a?b=1&c='2'#d": "https://example.org/a?b=1&c='2'#d",
    "https://example.org/ä?ö=ü#é": "https://example.org/%C3%A4?%C3%B6=%C3%BC#%C3%A9",
    "https://example.org/100%": "https://example.org/100%25",
    "https://example.org/100%2": "https://example.org/100%252",
    "https://example.org/%41%c3%a9": "https://example.org/%41%c3%a9",
    "https://example.org/a[0]|{b}^`": "https://example.org/a%5B0%5D%7C%7Bb%7D%5E%60",
    "https://example.org/#a#b": "https://example.org/#a%23b",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://bücher。example.:8080?q": "https://xn--bcher-kva.example.:8080?q",
    "HTTP://EXAMPLE.org:80": "HTTP://EXAMPLE.org:80",
    "http://[2001:db8::1]:80/": "http://[2001:db8::1]:80/",
    "http://example.org?": "http://example.org?",
    "MailTo:bücher@example.org?subject=x": "mailto:b%C3%BCcher@example.org",
}
GONE = [
    "https://exa%6Dple.org/",
    "https://exam ple.org/",
    "https://example.org/a b",
    "https://example.org/a\\b",
    "https://example.org/\x85b",
    "https://example.org:port/",
    "https://example.org:80:90/",
    "https://user@example.org/",
    "https://[::1/",
    "https://-example.org/",
    f"https://{'ü' * 64}.example/",
    f"https://{'ü' * 4000}.example/",
    "https://ü..example/",
    "https:example.org",
    "https://",
    "ftp://example.org/",
    f"https://example.org/{'ü' * 400}",
]


def read(address: str) -> str | None:
    link = Link((1, 1, 1, 1), "rId1", "", 0)
    row = Relationship("rId1", "/hyperlink", address, True, "")
    return link_reading(link, {"rId1": row}, "", lambda *_: None, keeps=True).target


@pytest.mark.parametrize(("address", "uri"), KEPT.items())
def test_a_link_becomes_a_uri_in_both_hands(address: str, uri: str) -> None:
    assert web_address(address) == uri
    assert read(address) == uri
    assert web_address(uri) == uri, "a copy of the copy"
    assert read(uri) == uri
    assert re.fullmatch("[!-~]+", uri)


@pytest.mark.parametrize("address", GONE)
def test_what_is_no_link_is_none_in_both_hands(address: str) -> None:
    assert web_address(address) is None
    assert read(address) is None


def linked(address: str) -> Package:
    package = workbook("A1=x")
    rid = package.relate(SHEET, "hyperlink", address, external=True)
    links = f'<hyperlinks><hyperlink ref="A1" r:id="{rid}"/></hyperlinks></worksheet>'
    package.swap(SHEET, "</worksheet>", links)
    return package


@pytest.mark.parametrize("address", [*list(KEPT)[1:], *GONE])
def test_a_document_with_a_link_is_cleaned(cleaned: Clean, address: str) -> None:
    address = address.replace("\x85", "\u0378")
    copy, report = cleaned(linked(address).zip())
    uri = KEPT.get(address)
    parts = Package.read(copy)
    if uri is None and "\u0378" not in address:
        assert RELS not in parts
        assert "xlsx.ws.hyperlink-target" in {finding.channel for finding in report.findings}
    elif uri is not None:
        assert f'"{uri}"'.replace("&", "&amp;").encode() in parts[RELS]


def test_a_candidate_with_another_link_does_not_pass(cleaned: Clean) -> None:
    copy, _ = cleaned(linked("https://example.org/%C3%A4").zip())
    assert verify(edited(copy, "", str), source=copy).passed
    for other in ("ä", "%C3%A5", "%C3%A4%", "%c3%a4", "%C3%A4#x"):
        changed = edited(copy, RELS, lambda text, new=other: text.replace("%C3%A4", new))
        assert not verify(changed, source=copy).passed, other
