"""Hostile and broken packages with the errors that may refuse them, and odd ones that are fine."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from makers.compound import compound, encrypted_workbook, old_workbook
from makers.packages import MAIN, MC, REL, SHEET_TYPE, Package, rels_name
from makers.sheets import add_table, workbook
from makers.zips import Entry, local_record, pack

Build = Callable[[], bytes]
CASES: list[tuple[str, tuple[str, ...], Build]] = []


def refused(*names: str) -> Callable[[Build], Build]:
    """Register a maker of bytes that ``clean`` refuses with one of the named errors."""

    def register(build: Build) -> Build:
        CASES.append((build.__name__, names, build))
        return build

    return register


def plain() -> Package:
    package = workbook(
        "A1@1=Visible 1 | B1=3.5 | A2=Visible 2 | B2=TRUE | A3=Area | B3=Count | A4=x | B4=1;"
        "merge A1:B1 ; link A2 https://example.org/"
    )
    add_table(package, 1, "A3:B4", ["Area", "Count"], "T")
    return package


SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
TYPES = "[Content_Types].xml"


def changed(part: str, old: str, new: str) -> bytes:
    package = plain()
    package.swap(part, old, new)
    return package.zip()


def with_cells(cells: str) -> bytes:
    """One sheet whose rows are written out by the test."""
    package = workbook("A1=Visible 1 | A2=Visible 2")
    head, _, rest = package[SHEET].partition(b"<sheetData>")
    tail = rest.partition(b"</sheetData>")[2]
    package[SHEET] = head + b"<sheetData>" + cells.encode() + b"</sheetData>" + tail
    return package.zip()


def without(part: str) -> bytes:
    package = plain()
    del package[part]
    return package.zip()


# files that are something else


@refused("UnknownFormat")
def empty_file() -> bytes:
    return b""


@refused("UnknownFormat")
def text_file() -> bytes:
    return b"Area,Count\nNorth,1\n" * 50


@refused("UnknownFormat")
def html_file() -> bytes:
    return b"<html><body><table><tr><td>1</td></tr></table></body></html>"


@refused("UnknownFormat")
def png_file() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(2000)


@refused("UnknownFormat")
def zip_without_package() -> bytes:
    return pack([Entry("notes.txt", b"hello"), Entry("data.csv", b"1,2")])


@refused("UnknownFormat", "Malformed")
def empty_zip() -> bytes:
    return pack([])


@refused("UnknownFormat")
def open_document() -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return pack([Entry("mimetype", kind, method=0), Entry("content.xml", b"<x/>")])


@refused("UnknownFormat")
def word_document() -> bytes:
    package = plain()
    package.swap(
        TYPES,
        f"{SHEET_TYPE}.sheet.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    )
    package[BOOK] = (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    )
    return package.zip()


@refused("UnknownFormat")
def binary_workbook() -> bytes:
    package = plain()
    package["xl/workbook.bin"] = b"\x83\x01\x00"
    package.swap(
        TYPES,
        f'/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml',
        '/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main',
    )
    package.swap("_rels/.rels", "/xl/workbook.xml", "/xl/workbook.bin")
    return package.zip()


@refused("UnknownFormat")
def old_binary_workbook() -> bytes:
    return old_workbook()


@refused("UnknownFormat")
def compound_file_of_something() -> bytes:
    return compound({"Contents": b"x"})


@refused("Encrypted")
def encrypted() -> bytes:
    return encrypted_workbook()


@refused("UnknownFormat", "Malformed", "Encrypted")
def compound_file_cut_short() -> bytes:
    return encrypted_workbook()[:700]


@refused("UnknownFormat", "Malformed", "Encrypted")
def compound_file_with_a_loop() -> bytes:
    data = bytearray(encrypted_workbook())
    start = 512 * (1 + struct.unpack_from("<L", data, 76)[0])
    data[start : start + 512] = struct.pack("<128L", *([0] * 128))
    return bytes(data)


# containers that lie


@refused("Malformed")
def corrupt_deflate() -> bytes:
    entries = plain().entries()
    for entry in entries:
        if entry.raw_name == SHEET.encode():
            entry.payload = b"\xff" * 100
    return pack(entries)


@refused("Malformed")
def checksum_lies() -> bytes:
    entries = plain().entries()
    entries[-1].crc = 1
    return pack(entries)


@refused("Malformed")
def size_lies() -> bytes:
    entries = plain().entries()
    entries[-1].size = 3
    return pack(entries)


@refused("Malformed")
def local_size_lies() -> bytes:
    entries = plain().entries()
    entries[-1].local_size = 3
    return pack(entries)


@refused("Malformed")
def packed_size_reaches_over_the_end() -> bytes:
    entries = plain().entries()
    entries[-1].packed_size = 1 << 30
    return pack(entries)


@refused("Malformed")
def offset_outside_the_file() -> bytes:
    entries = plain().entries()
    entries[0].offset = 1 << 31
    return pack(entries)


@refused("Malformed", "TooLarge")
def more_entries_claimed_than_there_are() -> bytes:
    return plain().zip(count=60_000)


@refused("Malformed", "TooLarge")
def long_end_record_of_nothing() -> bytes:
    data = plain().zip(zip64=True)
    at = data.rfind(b"PK\x06\x06")
    return data[: at + 48] + struct.pack("<Q", 1 << 62) + data[at + 56 :]


@refused("Malformed")
def several_disks() -> bytes:
    return plain().zip(disk=3)


@refused("Malformed")
def two_end_records() -> bytes:
    """The comment of the archive is an end record of its own, with another directory."""
    entries = plain().entries()
    swapped = Entry(STRINGS, plain()[STRINGS].replace(b"Visible", b"Another"))
    body = b""
    for entry in (*entries, swapped):
        entry.written, entry.offset = False, len(body)
        body += local_record(entry)
    one = pack(entries, prefix=body)
    others = [entry for entry in entries if entry.raw_name != STRINGS.encode()]
    directory = pack([*others, swapped], prefix=one)[len(one) :]
    return pack(entries, prefix=body, comment=directory)


@refused("Malformed")
def unknown_compression() -> bytes:
    entries = plain().entries()
    entries[-1].method = 12
    return pack(entries)


@refused("Malformed", "Encrypted")
def encrypted_entry() -> bytes:
    entries = plain().entries()
    entries[-1].flags = 1
    return pack(entries)


@refused("Malformed", "TooLarge")
def overlapping_entries() -> bytes:
    kernel = Entry("xl/media/kernel.bin", bytes(1 << 16))
    copies = [
        Entry(f"xl/media/k{at}.bin", kernel.data, written=False, offset=0, local_name=b"")
        for at in range(500)
    ]
    return pack([kernel, *copies, *plain().entries()])


@refused("Malformed", "TooLarge")
def quoted_overlap() -> bytes:
    """Every entry quotes the header of the next one, so that all share the last one's data."""
    kernel = Entry("xl/k0.bin", bytes(1 << 22))
    chain, record = [kernel], local_record(kernel)
    for at in range(1, 120):
        header = record[: 30 + len(chain[-1].raw_name)]
        block = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF)
        entry = Entry(f"xl/k{at}.bin", header, payload=block + record)
        entry.size = len(header) + (chain[-1].size or len(chain[-1].data))
        entry.crc = zlib.crc32(bytes(1 << 22), zlib.crc32(header)) if at == 1 else 0
        chain.append(entry)
        record = local_record(entry)
    place = 0
    for entry in reversed(chain):
        entry.written, entry.offset = False, place
        place += 30 + len(entry.raw_name) + 5
    return pack([*chain, *plain().entries()], prefix=record)


@refused("Malformed")
def parts_differing_by_case() -> bytes:
    return pack([*plain().entries(), Entry("XL/WORKBOOK.XML", plain()[BOOK])])


@refused("TooLarge")
def very_many_entries() -> bytes:
    return pack([*plain().entries(), *(Entry(f"n/{at}", method=0) for at in range(20_500))])


@refused("TooLarge", "Malformed")
def part_that_claims_to_be_huge() -> bytes:
    package = plain()
    entries = package.entries()
    entries[-1].zip64 = True
    entries[-1].size = 5 << 30
    return pack(entries)


# packages with holes


@refused("Malformed", "UnknownFormat")
def no_content_types() -> bytes:
    return without(TYPES)


@refused("Malformed", "UnknownFormat")
def no_package_relationships() -> bytes:
    return without("_rels/.rels")


@refused("Malformed", "UnknownFormat")
def no_workbook() -> bytes:
    return without(BOOK)


@refused("Malformed")
def no_sheet_part() -> bytes:
    return without(SHEET)


@refused("Malformed")
def no_relationships_of_the_workbook() -> bytes:
    return without(rels_name(BOOK))


@refused("Malformed")
def no_strings_though_cells_use_them() -> bytes:
    return without(STRINGS)


@refused("Malformed", "UnknownFormat")
def content_types_without_the_workbook() -> bytes:
    return changed(TYPES, f"{SHEET_TYPE}.sheet.main+xml", "text/plain")


@refused("Malformed")
def relationship_ids_twice() -> bytes:
    package = plain()
    package.relate(BOOK, "worksheet", "worksheets/other.xml", rid="rId1")
    return package.zip()


@refused("Malformed")
def sheet_without_relationship() -> bytes:
    return changed(BOOK, 'r:id="rId1"', 'r:id="rId99"')


@refused("Malformed")
def sheet_that_is_the_workbook() -> bytes:
    package = plain()
    package.swap(rels_name(BOOK), "worksheets/sheet1.xml", "workbook.xml")
    return package.zip()


@refused("Malformed")
def sheet_that_is_outside() -> bytes:
    package = plain()
    package.swap(rels_name(BOOK), "worksheets/sheet1.xml", "../../../../etc/passwd")
    return package.zip()


@refused("Malformed", "UnknownFormat")
def workbook_on_the_web() -> bytes:
    package = plain()
    package.swap(
        "_rels/.rels",
        'Target="/xl/workbook.xml"',
        'Target="http://localhost:9/workbook.xml" TargetMode="External"',
    )
    return package.zip()


# workbooks that show nothing


@refused("Malformed", "CannotRebuild", "Refused")
def no_sheets() -> bytes:
    package = plain()
    head, _, rest = package[BOOK].partition(b"<sheets>")
    package[BOOK] = head + b"<sheets/>" + rest.partition(b"</sheets>")[2]
    return package.zip()


@refused("CannotRebuild", "Refused")
def all_sheets_hidden() -> bytes:
    return workbook("A1=x ; state hidden", "A1=y ; state veryHidden").zip()


@refused("CannotRebuild", "Refused")
def only_chart_sheets() -> bytes:
    package = workbook("A1=x ; state hidden")
    part = package.add_sheet("Chart", "", kind="chartsheet")
    package[part] = package[part].replace(b"worksheet", b"chartsheet")
    return package.zip()


@refused("Malformed")
def two_sheets_of_one_name() -> bytes:
    return workbook("A1=x ; name Data", "A1=y ; name data").zip()


# XML


@refused("Malformed")
def sheet_that_is_not_xml() -> bytes:
    package = plain()
    package[SHEET] = b"PK\x03\x04 not xml"
    return package.zip()


@refused("Malformed")
def sheet_cut_short() -> bytes:
    package = plain()
    package[SHEET] = package[SHEET][:-20]
    return package.zip()


@refused("Malformed")
def sheet_of_another_root() -> bytes:
    package = plain()
    package[SHEET] = package[SHEET].replace(b"worksheet", b"chartsheet")
    return package.zip()


@refused("Malformed")
def bytes_that_are_no_utf8() -> bytes:
    package = plain()
    package[STRINGS] = package[STRINGS].replace(b"Visible 1", b"Visible \xff\xfe")
    return package.zip()


@refused("Malformed")
def unknown_encoding() -> bytes:
    return changed(SHEET, 'encoding="UTF-8"', 'encoding="x-unknown-99"')


@refused("Malformed")
def two_roots() -> bytes:
    package = plain()
    package[SHEET] += b"<worksheet/>"
    return package.zip()


for part_of_book in (TYPES, "_rels/.rels", BOOK, SHEET, STRINGS, STYLES):

    def _dtd(part: str = part_of_book) -> bytes:
        package = plain()
        package[part] = package[part].replace(b"?>\n", b"?>\n<!DOCTYPE x>", 1)
        return package.zip()

    CASES.append((f"doctype_in_{part_of_book.rpartition('/')[2]}", ("Malformed",), _dtd))

    def _deep(part: str = part_of_book) -> bytes:
        package = plain()
        at = package[part].rfind(b"</")
        deep = b"<q>" * 10_000 + b"</q>" * 10_000
        package[part] = package[part][:at] + deep + package[part][at:]
        return package.zip()

    allowed = ("TooLarge", "Malformed")
    CASES.append((f"deep_{part_of_book.rpartition('/')[2]}", allowed, _deep))


def _doctype(declaration: str, use: str) -> bytes:
    package = plain()
    package[STRINGS] = (
        package[STRINGS]
        .replace(b"?>\n", f"?>\n<!DOCTYPE sst [{declaration}]>".encode(), 1)
        .replace(b"Visible 1", use.encode())
    )
    return package.zip()


@refused("Malformed")
def billion_laughs() -> bytes:
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return _doctype("".join(lines), "&a9;")


@refused("Malformed")
def quadratic_entity() -> bytes:
    return _doctype(f'<!ENTITY a "{"x" * 100_000}">', "&a;" * 10_000)


@refused("Malformed")
def external_entity() -> bytes:
    return _doctype('<!ENTITY a SYSTEM "file:///etc/hostname">', "&a;")


@refused("Malformed")
def parameter_entity() -> bytes:
    return _doctype('<!ENTITY % a SYSTEM "http://localhost:9/a.dtd"> %a;', "x")


@refused("Malformed")
def entity_nobody_declared() -> bytes:
    return changed(STRINGS, "Visible 1", "&secret;")


@refused("CannotRebuild", "Malformed", "Refused")
def unknown_must_be_understood() -> bytes:
    return changed(
        SHEET,
        "<worksheet ",
        f'<worksheet xmlns:mc="{MC}" xmlns:z="urn:example:z" mc:MustUnderstand="z" ',
    )


# cells


def _cell_case(name: str, cells: str, *names: str) -> None:
    CASES.append((name, names or ("Malformed",), lambda: with_cells(cells)))


def _row(cells: str, row: str = "1") -> str:
    return f'<row r="{row}">{cells}</row>'


def _v(place: str, value: str, extra: str = "") -> str:
    return f'<c r="{place}"{extra}><v>{value}</v></c>'


_cell_case("column_xfe", _row(_v("XFE1", "1")))
_cell_case("column_zzzzzz", _row(_v("ZZZZZZ1", "1")))
_cell_case("column_of_a_thousand_letters", _row(_v("A" * 1000 + "1", "1")))
_cell_case("row_too_large", _row(_v("A1048577", "1"), "1048577"))
_cell_case("row_zero", _row(_v("A0", "1"), "0"))
_cell_case("row_negative", _row(_v("A-1", "1"), "-1"))
_cell_case("row_is_a_word", _row(_v("A1", "1"), "one"))
_cell_case("row_of_five_thousand_digits", _row(_v("A1", "1"), "9" * 5000))
_cell_case("cell_in_another_row", _row(_v("A2", "1"), "1"))
_cell_case("cell_without_row_in_its_name", _row(_v("A", "1")))
_cell_case("cell_name_is_a_range", _row(_v("A1:B2", "1")))
_cell_case("cell_twice", _row(_v("A1", "1") + _v("A1", "2")))
_cell_case("cell_backwards", _row(_v("B1", "1") + _v("A1", "2")))
_cell_case("row_twice", _row(_v("A1", "1")) + _row(_v("A1", "2")))
_cell_case("row_backwards", _row(_v("A2", "1"), "2") + _row(_v("A1", "2"), "1"))
_cell_case("string_index_huge", _row(_v("A1", str(1 << 31), ' t="s"')))
_cell_case("string_index_out_of_range", _row(_v("A1", "7", ' t="s"')))
_cell_case("string_index_negative", _row(_v("A1", "-1", ' t="s"')))
_cell_case("string_index_is_a_word", _row(_v("A1", "one", ' t="s"')))
_cell_case("string_index_of_five_thousand_digits", _row(_v("A1", "9" * 5000, ' t="s"')))
_cell_case("style_out_of_range", _row(_v("A1", "1", ' s="99"')))
_cell_case("style_negative", _row(_v("A1", "1", ' s="-1"')))
_cell_case("style_is_a_word", _row(_v("A1", "1", ' s="bold"')))
_cell_case("unknown_cell_type", _row(_v("A1", "1", ' t="q"')))
_cell_case("number_is_a_word", _row(_v("A1", "many")))
_cell_case("number_is_not_finite", _row(_v("A1", "1e999")))
_cell_case("number_is_nan", _row(_v("A1", "NaN")))
_cell_case("number_with_underscores", _row(_v("A1", "1_000")))
_cell_case("number_in_other_digits", _row(_v("A1", "\uff11\uff12")))
_cell_case("boolean_is_two", _row(_v("A1", "2", ' t="b"')))
_cell_case("row_height_is_a_word", '<row r="1" ht="tall">' + _v("A1", "1") + "</row>")
_cell_case("row_height_is_nan", '<row r="1" ht="NaN">' + _v("A1", "1") + "</row>")
_cell_case("row_hidden_is_a_word", '<row r="1" hidden="maybe">' + _v("A1", "1") + "</row>")


def _sheet_case(name: str, notation: str, *names: str) -> None:
    CASES.append((name, names or ("Malformed",), lambda: workbook(notation).zip()))


_sheet_case("merges_overlap", "A1=x | B2=y ; merge A1:B2 ; merge B2:C3")
_sheet_case("merge_twice", "A1=x ; merge A1:B2 ; merge A1:B2")
_sheet_case("merge_out_of_range", "A1=x ; merge A1:XFE9")
_sheet_case("merge_is_a_word", "A1=x ; merge everything")
_sheet_case("column_width_is_a_word", "A1=x ; col A width=wide")
_sheet_case("column_beyond_the_last", "A1=x ; col A:XFE width=9")
_sheet_case("columns_overlap", "A1=x ; col A:C width=9 ; col B:D width=8 hidden")
_sheet_case(
    "sheet_data_twice", 'A1=x ; raw <sheetData><row r="1"><c r="A1"><v>2</v></c></row></sheetData>'
)


# odd, but fine

FINE: dict[str, Build] = {}


def fine(build: Build) -> Build:
    """Register a maker of bytes that ``clean`` must take."""
    FINE[build.__name__] = build
    return build


def _headers(change: Callable[[int, Entry], None], **options: object) -> bytes:
    entries = plain().entries()
    for at, entry in enumerate(entries):
        change(at, entry)
    return pack(entries, **options)  # type: ignore[arg-type]


@fine
def protected_sheet() -> bytes:
    return changed(
        SHEET,
        "</sheetData>",
        '</sheetData><sheetProtection algorithmName="SHA-512" hashValue="AAAA"'
        ' saltValue="BBBB" spinCount="100000" sheet="1"/>',
    )


@fine
def relationships_in_a_circle() -> bytes:
    package = plain()
    package.relate(SHEET, "worksheet", f"/{SHEET}")
    package.relate(SHEET, "officeDocument", f"/{BOOK}")
    return package.zip()


@fine
def relationship_out_of_the_package() -> bytes:
    package = plain()
    package.relate(SHEET, "image", "../../../../../etc/passwd")
    return package.zip()


@fine
def rows_and_cells_without_names() -> bytes:
    package = workbook("A1=Visible 1 | A2=Visible 2")
    for place in ("A1", "A2", "1", "2"):
        package[SHEET] = package[SHEET].replace(f' r="{place}"'.encode(), b"")
    return package.zip()


@fine
def spaces_around_a_number() -> bytes:
    return changed(SHEET, "<v>3.5</v>", "<v> 3.5\n</v>")


@fine
def prefixes_of_its_own() -> bytes:
    package = workbook("A1=Visible 1")
    data = package[SHEET].decode()
    for tag in ("worksheet", "sheetView", "sheetFormatPr", "sheetData", "row", "c ", "c>", "v>"):
        data = data.replace(f"<{tag}", f"<q:{tag}").replace(f"</{tag}", f"</q:{tag}")
    package[SHEET] = data.replace(f'xmlns="{MAIN}"', f'xmlns:q="{MAIN}"').encode()
    return package.zip()


@fine
def long_zip_records() -> bytes:
    return _headers(lambda _, entry: setattr(entry, "zip64", True), zip64=True)


@fine
def data_descriptors() -> bytes:
    return _headers(lambda at, entry: setattr(entry, "descriptor", (b"16", b"12")[at % 2]))


@fine
def stored_entries() -> bytes:
    return _headers(lambda _, entry: setattr(entry, "method", 0))


@fine
def strict_names() -> bytes:
    strict = "http://purl.oclc.org/ooxml"
    package = plain()
    for part, data in package.items():
        package[part] = (
            data.replace(MAIN.encode(), f"{strict}/spreadsheetml/main".encode())
            .replace(f"{REL}/".encode(), f"{strict}/officeDocument/relationships/".encode())
            .replace(REL.encode(), f"{strict}/officeDocument/relationships".encode())
        )
    return package.zip()


@fine
def bytes_behind_the_end() -> bytes:
    return plain().zip(suffix=b"MZ" + bytes(300))


@fine
def name_with_a_zero_byte() -> bytes:
    return pack([*plain().entries(), Entry(b"xl/a\0b.xml", b"x")])


@fine
def content_type_of_a_sheet_lies() -> bytes:
    return changed(TYPES, f"{SHEET_TYPE}.worksheet+xml", "application/vnd.ms-office.vbaProject")


@fine
def merge_backwards() -> bytes:
    return workbook("A1=Visible 1 ; merge B2:A1").zip()
