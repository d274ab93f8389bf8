"""This module is the test of number formats: tables of what programs show, and laws of the copy."""

from __future__ import annotations

import csv
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safe_release.errors import Malformed
from safe_release.formats.xlsx.numbers import builtin_code, number_format


def spelled(value: float) -> str:
    text = repr(value)
    return text.removesuffix(".0")


# What the spreadsheet programs show: (code, number, text).
PLAIN = [
    ("0.00", "1.005", "1.01"), ("0.00", "2.675", "2.68"), ("0", "0.5", "1"), ("0", "-0.5", "-1"),
    ("0", "-0.4", "0"), ("0.00", "-0.004", "0.00"), ("0;(0)", "-0.4", "(0)"), ("0;0", "-1.1", "1"),
    ("0.0", "1.0001", "1.0"), ("#,##0", "1234567.5", "1,234,568"), ("#,###", "0", ""),
    ("#.##", "0", "."), ("#.##", "-1", "-1."), ("0.##", "1.007", "1.01"), ("#0.#", "12.34", "12.3"),
    ("0.##", "1000000000000.01", "1000000000000.01"), ("0.0#", "15.04", "15.04"),
    ("#,##0.00000", "1000000", "1,000,000.00000"), ("00,000.00", "12345", "12,345.00"),
    ("00,000.00,", "12345", "00,012.35"), ("** #,###,#00,000.00,**", "1.2345", " 00,000.00"),
    ("** #,###,#00,000.00,**", "12345681.9", " 12,345.68"),
    ("** #,###,#00,000.00,**", "1.234568223333333e+21", " 1,234,568,223,333,330,000.00"),
    ("#.0000,,,", "0.99", ".0000"), ("#.0000,,", "123.456", ".0001"),
    ("#.0000,", "12345678", "12345.6780"), ("###,###", "0.99", "1"), ("#,###.00", "0.99", ".99"),
    ("#.0000,,", "1234652.685", "1.2347"), ("#,##0.0", "123456789012", "123,456,789,012.0"),
    ("000#0#0#0##00##00##0#########", "12345", "0000000000012345"),
    ("#0#######", "12345", "012345"),
    ("0#######0.##0##0######00######0", "12.3456789", "012.3456789000"),
    ("0#######0.##0##0######00######0", "123456789", "123456789.00000"),
    ("###\\###\\##0.00", "0.0101", "##0.01"), ("###\\###\\##0.00", "101", "#1#01.00"),
    ("###\\###\\##0.00", "123456789.01", "12345#67#89.01"), ("#,##0.00", "0", "0.00"),
    ("###\\\\###\\\\##\\0.00", "101", "\\1\\010.00"), ("00000-0000", "941051630", "94105-1630"),
    ("00000-0000", "12345.6789", "00001-2346"), ("000-00-0000", "123456789", "123-45-6789"),
    ("0%", "0.295", "30%"), ("0.0%", "0.0295", "3.0%"), ("0.00%", "123456.789", "12345678.90%"),
    ("#%", "0", "%"), ("0.0,", "2950", "3.0"), ("#,,\"M\"", "6000000", "6M"),
    ("0,,,", "1234567.89", "0"), ("0,,,0", "1234567.89", "1,234,568"),
    ("0,x", "1234567.89", "1235x"),
    ("0x,", "1234567.89", "1234568x,"), ("0,x0", "1234567.89", "123456x8"), (",0", "1234", ",1234"),
    ("0 , 0", "1234567.89", "123456 , 8"), ("0.0,0,", "1234567.89", "1234.57"),
    ("0.,", "1234567.89", "1235."), ("#.##0,00", "0", ".000"), ("#.##0", "-10.29", "-10.290"),
    ("#.#0#0#0", "-10.29", "-10.2900"), ("#.##0", "0.01", ".010"), ("#.?00", "1", "1. 00"),
    ("#.????0", "-10.29", "-10.29  0"), ("#.#x#0", "0.1", ".1x0"), ("#.??x?0", "0.01", ".01x 0"),
    ("0#", "1", "01"), ("0?0?", "0", "0 0 "), ("0,???", "1", "0,  1"), ("0,????", "1", "0    1"),
    ("0,??", "0", "0  "), ("0,???", "0", "0,   "), (".0", "1234", "1234.0"),
    ("x.0", "1234", "x1234.0"),
    (" . 0", "1234", " 1234. 0"), (".0", "0", ".0"), (".#0", "1", "1.0"), ("?,???", "5", "    5"),
    ("0.000000000000000000", "0.3333333333333333", "0.333333333333333000"),
    ("0", "12345682233333333", "12345682233333300"), ("0.0.0", "1.25", "1.2.5"),
    ("\"Rs.\"#,##0.00", "-51968287", "-Rs.51,968,287.00"), ("$#.00", "-3.14159", "-$3.14"),
    ("\"This is a \".00\"test\"000", "-3.14159", "-This is a 3.14test159"),
    ("[$INR]\\ #,##0.00", "-3.14159", "-INR 3.14"), ("[$₹-4009]\\ #,##0.00", "3.14159", "₹ 3.14"),
    ("\"-\"0.00", "-3.14159", "--3.14"), ("0.5", "1.26", "1.5"),
    ("\\,##.??;\\(#,###.??\\);0", "15", ",15.  "),
    ("\\,##.??;\\(#,###.??\\);0", "-12.1", "(12.1 )"),
    ("_($* #,##0_);_($* (#,##0);_($* \"-\"_);_(@_)", "-1", " $(1)"),
    ("_($* #,##0_);_($* (#,##0);_($* \"-\"_);_(@_)", "0", " $- "),
    ("0.00000000000", "1e-07", "0.00000010000"), ("0.00", "5e-324", "0.00"),
]  # fmt: skip

CHOICE = [
    ("[<=9999999]###-####;(###) ###-####", "8675309", "867-5309"),
    ("[<=9999999]###-####;(###) ###-####", "2813308004", "(281) 330-8004"),
    ("[Red][<-25]General;[Blue][>25]General;[Green]General;[Yellow]General", "-26", "26"),
    ("[Red][<-25]General;[Blue][>25]General;[Green]General;[Yellow]General", "-25", "-25"),
    ("[Red][=50]General;[Blue]000", "49", "049"), ("[Red][<>50]General;[Blue]000", "50", "050"),
    ("[>=100]\"A\"0;[<=-100]\"B\"0;\"C\"0", "-6.3", "-C6"), ("[<=0]\"B\"0", "6.3", "6.3"),
    ("[>=100]\"A\"0;[<=0]\"B\"0;\"C\"0", "-6.3", "-B6"), ("[<=0]\"B\"0", "-6.3", "-B6"),
    ("[<=-100]\"B\"0;\"C\"0", "-6.3", "C6"), ("[=6.3]\"B\"0", "-6.3", "-6.3"),
    ("[>6]\"A\"0;[<-6]\"B\"0", "-6.3", "B6"), ("[>=100]\"A\"0;[<=-100]\"B\"0", "6.3", "########"),
    ("[<>-5]\\A0", "-5", "5"), ("[=-6]\\A0", "-5", "-5"), ("[<-4]\\A0;\\B0", "-5", "A5"),
    ("[=-6]\\A0;\\B0", "-5", "-B5"), ("[<>-5]\\A0;\\B0", "-5", "B5"),
    ("[>2]\\A0;\\B0", "-5", "-B5"),
    ("[<>-6]\\A0;[<-4]\\B0;\\C0", "-5", "-A5"), ("[>2]\\A0;[=-5]\\B0;\\C0", "-5", "B5"),
    ("[>2]\\A0;[>-6]\\B0;\\C0", "-5", "-B5"), ("[>2]\\A0;[<-6]\\B0;\\C0", "-5", "-C5"),
    ("\"A-\"0;[=-10]\"B-\"0;\"C-\"0", "-10", "B-10"), ("\"A-\"0;[<1]\"B-\"0;\"C-\"0", "0", "B-0"),
    ("\"A-\"0;[<0.5]\"B-\"0;\"C-\"0", "-10", "-B-10"),
    ("\"A-\"0;[=-11]\"B-\"0;\"C-\"0", "0", "C-0"),
    ("[>=100]#,##0;[<=-100]-#,##0;-#,##0.00", "-3.96", "--3.96"),
    ("[>999999]#,,\"M\";[>999]#,\"K\";#", "1500", "2K"), ("[=1]\"one\";[=2]\"two\";0", "2", "two"),
    ("0;", "-1", ""), ("0;", "0", "0"), (";0", "-1", "1"), (";;0", "0", "0"),
    ("0;[Red]", "-5", "5"),
]  # fmt: skip

MASKS = [
    ("\"foo\";\"bar\";\"baz\"", "-1", "bar"), ("\"foo\";\"bar\";\"baz\"", "0", "baz"),
    ("\"foo\";\"bar\";@", "0", "foo"), ("A\"TODO\"", "-1", "-ATODO"), ("r", "-1", "-r"),
    ("((;@", "1", "(("), ("123", "0.7", "123"), (";;;", "1", ""), ("[<5]\"*\";0", "3", "*"),
    ("[<5]\"*\";0", "5", "5"), ("**", "5", "*"), ("* ", "5", ""), ("[$-1234]", "5", ""),
    ("[$foo]", "5", "foo"), ("[$NZ$-481]", "5", "NZ$"), ("[$-is-IS]", "5", ""),
    ("[black]", "5", "5"),
    ("[DBNum1]", "5.5", "5.5"), ("@@", "-1", "-1"), ("\"bar\" @ \"foo\"", "1", "1"),
]  # fmt: skip

GENERAL = [
    ("0", "0"), ("1.234567e-14", "1.23457E-14"), ("1.234567e-05", "1.23457E-05"),
    ("0.0001234567", "0.000123457"), ("0.001234567", "0.001234567"), ("1e-05", "0.00001"),
    ("1e-09", "0.000000001"), ("1e-10", "1E-10"), ("1.2e-09", "1.2E-09"),
    ("1.2e-08", "0.000000012"),
    ("0.12345678912", "0.123456789"), ("1.2345678912", "1.234567891"),
    ("123456789.12", "123456789.1"),
    ("1234567891.2", "1234567891"), ("12345678912.3", "12345678912"),
    ("123456789123", "1.23457E+11"),
    ("100000000000", "1E+11"), ("99999999999.6", "1E+11"), ("-4403928373.5", "-4403928374"),
    ("11.666666666666666", "11.66666667"), ("12.333333333333343", "12.33333333"),
    ("-6.211546860868111e-06", "-6.21155E-06"), ("3300.0000000000005", "3300"),
    ("0.30000000000000004", "0.3"), ("1.5000000000000002e-06", "0.0000015"),
    ("9.9999999999e-05", "0.0001"), ("1.234567e+100", "1.23457E+100"),
    ("4294967296.5", "4294967297"),
]  # fmt: skip

EXPONENTS = [
    # code, then for each text the number: 1.2345678 shifted
    ("#0.0E+0", {-13: "12.3E-14", -12: "1.2E-12", -4: "1.2E-4", -1: "12.3E-2", 0: "1.2E+0",
                 1: "12.3E+0", 3: "12.3E+2", 30: "1.2E+30"}),
    ("##0.0E+0", {-13: "123.5E-15", -12: "1.2E-12", -9: "1.2E-9", -3: "1.2E-3", -1: "123.5E-3",
                  2: "123.5E+0", 3: "1.2E+3", 20: "123.5E+18", 28: "12.3E+27"}),
    ("###0.0E+0", {-13: "1234.6E-16", -11: "12.3E-12", -6: "123.5E-8", 3: "1234.6E+0",
    7: "1234.6E+4",
                   15: "1234.6E+12", 25: "12.3E+24"}),
    ("####0.0E+0", {-13: "123.5E-15", -11: "12345.7E-15", -1: "12345.7E-5", 5: "1.2E+5",
                    9: "12345.7E+5", 24: "12345.7E+20", 30: "1.2E+30"}),
]  # fmt: skip

OTHER_EXPONENTS = [
    ("##0.0E+0", "999.96", "1.0E+3"), ("0.0E+0", "9.96", "1.0E+1"), ("##0.0E+0", "0", "000.0E+0"),
    ("0.00E-00", "12", "1.20E01"), ("0.00E-00", "0.012", "1.20E-02"), (".00E+0", "12", ".12E+2"),
    ("0.00E+0x0", "123456789", "1.23E+0x8"), ("0.00E+?x?", "123456789", "1.23E+ x8"),
    ("0.00E+#x#", "123456789", "1.23E+x8"), ("0x0.00E+0", "123456789", "0x1.23E+8"),
    ("#x#.#x#E+#x#", "1", "x1.xE+x0"), ("?x?.?x?E+?x?", "1", " x1. x E+ x0"),
    ("000E+00", "12345.67", "012E+03"), ("00x0E+00", "12345.67", "01x2E+03"),
    ("0.000E+000", "2.33e-321", "2.330E-321"), ("0.00E+00", "-12345.6789", "-1.23E+04"),
]  # fmt: skip

# number, then what # ?/?, # ??/??, # ???/???, # ?/8, # ??/16, # ??/100 and ??/?? show
FRACTION_CODES = ("# ?/?", "# ??/??", "# ???/???", "# ?/8", "# ??/16", "# ??/100", "??/??")
FRACTIONS = {
    "1": ("1    ", "1      ", "1        ", "1    ", "1      ", "1       ", " 1/1 "),
    "-1.2": ("-1 1/5", "-1  1/5 ", "-1   1/5  ", "-1 2/8", "-1  3/16", "-1 20/100", "- 6/5 "),
    "12.3": ("12 1/3", "12  3/10", "12   3/10 ", "12 2/8", "12  5/16", "12 30/100", "123/10"),
    "-12.34": ("-12 1/3", "-12 17/50", "-12  17/50 ", "-12 3/8", "-12  5/16", "-12 34/100",
    "-617/50"),
    "123.45": ("123 4/9", "123  9/20", "123   9/20 ", "123 4/8", "123  7/16", "123 45/100",
    "2469/20"),
    "-123.456": ("-123 1/2", "-123 26/57", "-123  57/125", "-123 4/8", "-123  7/16", "-123 46/100",
                 "-7037/57"),
    "1234.567": ("1234 4/7", "1234 55/97", "1234  55/97 ", "1234 5/8", "1234  9/16", "1234 57/100",
                 "119753/97"),
    "12345.6789": ("12345 2/3", "12345 55/81", "12345  74/109", "12345 5/8", "12345 11/16",
                   "12345 68/100", "1000000/81"),
}  # fmt: skip

OTHER_FRACTIONS = [
    ("# ???/???", "-12345.67891", "-12345 573/844"), ("# ?/2", "-1.2", "-1    "),
    ("# ?/10", "123.45", "123 5/10"), ("# ?/?", "0.3", " 2/7"), ("# ?/?", "1.3", "1 1/3"),
    ("# ?/?", "2.3", "2 2/7"), ("# ?/?", "0.1", "0    "), ("# ?/?", "0.99", "1    "),
    ("# ??/?????????", "0.123251512342345", " 480894/3901729  "), ("# ??/??", "0.89", "  8/9 "),
    ("# ?? / ?????????", "0.123251512342345", " 480894 / 3901729  "), ("??/??", "1e-05", " 0/1 "),
    ("# ??/??", "123456.789", "123456 15/19"), ("# ?/?", "0.123456789", " 1/8"),
    ("# ?/?", "0.0123456789", "0    "), ("# ??/??", "0.0123456789", "  1/81"),
    ("#??/??", "12.3456789", "1000/81"), ("#0#00??/??", "12.3456789", "01000/81"),
    ("0/0", "0", "0/1"), ("0/0", "12.345", "37/3"), ("0 0/0", "0", "0 0/1"),
    ("0 0/0", "123", "123 0/1"),
    ("? ?/?", "0", "0    "), ("#/#", "123", "123/1"), ("00 00/00", "1", "01 00/01"),
    ("00x00/00", "12345.67", "12345x65/97"), ("0z0 00/00", "12345.67", "1234z5 65/97"),
    ("00 0z0/00", "12345.67", "1234 5z65/97"), ("0,0 0/0", "1234567.89", "1,234,567 8/9"),
    ("# ?/?", "-0.01", "-0    "), ("# ?/?\" in\"", "1.5", "1 1/2 in"),
]  # fmt: skip

DATES = [
    ("yyyy-mm-dd", "0", "1900-01-00"), ("yyyy-mm-dd", "1", "1900-01-01"), ("dddd", "1", "Sunday"),
    ("yyyy-mm-dd", "59", "1900-02-28"), ("yyyy-mm-dd", "60", "1900-02-29"), ("ddd", "60", "Wed"),
    ("yyyy-mm-dd", "61", "1900-03-01"), ("yyyy-mm-dd", "2958465", "9999-12-31"),
    ("yyyy-mm-dd", "2958466", "########"), ("yyyy-mm-dd", "-1", "########"),
    ("yyyy-mm-dd hh:mm:ss", "2958465.999999", "########"), ("yyyy-mm-dd", "0.999999", "1900-01-00"),
    ("yyyy-mm-dd", "44926.99999999999999", "2023-01-01"),
    ("yyyy mmm ddd dd", "36809", "2000 Oct Tue 10"),
    ("mmmm", "1234", "May"), ("mmmmm", "1234", "M"), ("MmMm", "1234", "May"),
    ("dDdD", "1234", "Monday"),
    ("ddddd", "44927", "Sunday"), ("mmmmmm", "44927", "January"), ("y", "44927", "23"),
    ("yyy", "44927", "2023"), ("e", "0.7", "1900"), ("b", "10000", "70"), ("bbbb", "44927", "2566"),
    ("ggge", "44927", "2023"), ("aaa", "44927", "Sun"), ("[$-409]mmm\\-yy", "12345", "Oct-33"),
    ("hh:mm AM/PM", "0.7", "04:48 PM"), ("hhh:mm AM/PM", "0.7", "04:48 PM"), ("A/P", "0.7", "P"),
    ("hh:mm:ss AM/PM", "0.5", "12:00:00 PM"), ("hh:mm:ss am/pm", "0.5", "12:00:00 PM"),
    ("hh:mm:ss AM/P", "0.5", "12:00:00 A1/P"), ("h AM/PM", "0", "12 AM"),
    ("hhh:mmm:sss", "0.7", "16:Jan:00"), ("hh:mm:ss.000", "0.70707", "16:58:10.848"),
    ("hh.000", "0.70707", "16.848"), ("hh .00", "0.70707", "16 .85"),
    ("hh  .0", "0.70707", "16  .8"),
    ("hh .00 .000", "0.70707", "16 .84 .848"), ("[hhh]", "1", "024"),
    ("[h]:mm:ss", "2.9999999999999996",
     "72:00:00"), ("hh mm mm", "44927.55", "13 12 01"), ("yyyy mm hh", "44927.55", "2023 01 13"),
    ("h d m", "44927.55", "13 1 1"), ("m s", "44927.55", "12 0"), ("h:m m", "44927.55", "13:12 1"),
    ("d h m", "44927.55", "1 13 12"), ("m d s", "44927.55", "1 1 0"), ("s:m", "0.51", "24:14"),
    ("ss mm yyyy", "44927.5123", "43 17 2023"),
    ("hh:mm:ss m", "44927.5123", "12:17:43 1"), ("h AM/PM mm", "0.55", "1 PM 12"),
    ("h:mm", "0.99999", "23:59"), ("h:mm", "0.9999999", "0:00"), ("[h]", "0.9999", "23"),
    ("[h]", "0.999999", "24"), ("[mm]:ss", "0.5", "720:00"), ("[h]:[mm]", "0.5", "12:720"),
    ("[SS]", "123.456", "10666598"), ("mmss.0", "1234567.89", "2136.0"),
    ("mm:ss", "12345.6789", "17:37"),
    ("mmss.0", "0.00000123456789", "0000.1"), ("[h]:mm:ss", "123456.789", "2962962:56:10"),
    ("mm/dd/yyyy hh:mm:ss.000", "4018.99999998843", "12/31/1910 23:59:59.999"),
    ("mm/dd/yyyy hh:mm:ss.00", "4018.99999998843", "01/01/1911 00:00:00.00"),
    ("mm/dd/yyyy hh:mm", "4018.99999998843", "01/01/1911 00:00"),
    ("[hh]:mm:ss.000", "4018.99999998843", "96455:59:59.999"),
    ("[hh]", "4018.99999998843", "96456"),
    ("[mm]:ss.00", "4018.99999998843", "5787360:00.00"),
    ("[ss].000", "4018.99999998843", "347241599.999"),
    ("d-mmm-yy", "0.5", "0-Jan-00"), ("d/m/yyyy;;", "0", ""), ("[h]:mm:ss;@", "-1", "########"),
]  # fmt: skip

# number, then what yyyy mmm ddd dd hh:mm:ss shows in the 1900 and in the 1904 system
ROUNDED = {
    "0.00069": ("1900 Jan Sat 00 00:01:00", "1904 Jan Fri 01 00:01:00"),
    "0.001388": ("1900 Jan Sat 00 00:02:00", "1904 Jan Fri 01 00:02:00"),
    "0.08333": ("1900 Jan Sat 00 02:00:00", "1904 Jan Fri 01 02:00:00"),
    "0.999999": ("1900 Jan Sun 01 00:00:00", "1904 Jan Sat 02 00:00:00"),
    "31.999999": ("1900 Feb Wed 01 00:00:00", "1904 Feb Tue 02 00:00:00"),
    "59.999999": ("1900 Feb Wed 29 00:00:00", "1904 Mar Tue 01 00:00:00"),
    "60.999999": ("1900 Mar Thu 01 00:00:00", "1904 Mar Wed 02 00:00:00"),
    "366.999999": ("1901 Jan Tue 01 00:00:00", "1905 Jan Mon 02 00:00:00"),
    "365.999999": ("1900 Dec Mon 31 00:00:00", "1905 Jan Sun 01 00:00:00"),
}

# number, then what the built-in ids show
BUILTIN_IDS = (0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 37, 39, 45, 46, 47, 48)
BUILTINS = {
    "12345.6789": ("12345.6789", "12346", "12345.68", "12,346", "12,345.68", "1234568%",
    "1234567.89%",
                   "1.23E+04", "12345 2/3", "12345 55/81", "18-Oct-33", "18-Oct", "Oct-33",
                   "4:17 PM",
                   "4:17:37 PM", "16:17", "16:17:37", "12,346 ", "12,345.68", "17:37",
                   "296296:17:37",
                   "1737.0", "12.3E+3"),
    "0.123456789": ("0.123456789", "0", "0.12", "0", "0.12", "12%", "12.35%", "1.23E-01", " 1/8",
                    " 10/81", "0-Jan-00", "0-Jan", "Jan-00", "2:57 AM", "2:57:47 AM", "2:57",
                    "2:57:47",
                    "0 ", "0.12", "57:47", "2:57:47", "5746.7", "123.5E-3"),
    "1234.56789": ("1234.56789", "1235", "1234.57", "1,235", "1,234.57", "123457%", "123456.79%",
                   "1.23E+03", "1234 4/7", "1234 46/81", "18-May-03", "18-May", "May-03", "1:37 PM",
                   "1:37:46 PM", "13:37", "13:37:46", "1,235 ", "1,234.57", "37:46", "29629:37:46",
                   "3745.7", "1.2E+3"),
}  # fmt: skip

KEPT = [
    # code, number, kind, text
    ("General", "0.1234567890123456", "number", "0.1234567890123456"),
    ("@", "1.5", "number", "1.5"),
    ("0.00", "1234.5678", "number", "1234.57"), ("0", "1234.5", "number", "1235"),
    ("0.00", "1234.5", "number", "1234.5"), ("0%", "0.123456", "number", "0.12"),
    ("0.0%", "0.123456", "number", "0.123"), ("0,", "1234567", "number", "1235000"),
    ("0.0,,", "1234567", "number", "1200000"), ("0.0E+0", "123456", "number", "120000"),
    ("##0.0E+0", "123456", "number", "123500"), ("# ?/?", "0.3456", "number", "0.333333333333333"),
    ("# ?/8", "1.3", "number", "1.25"), ("# ?/?", "7", "number", "7"),
    ("0", "12345.5", "number", "12346"),
    ("0", "-0.4", "number", "0"), ("0;(0)", "-0.4", "text", "(0)"),
    ("[<10]0.0;0", "9.97", "text", "10.0"),
    ("0.00;-0.00;\"-\"", "0.001", "text", "0.00"), ("0;0;\"zero\"", "0", "text", "zero"),
    (";;;", "5", "nothing", ""), ("0;;", "-5", "nothing", ""), ("#", "0.2", "nothing", ""),
    ("[<5]\"*\";0", "3", "text", "*"), ("[<5]\"*\";0", "7.2", "number", "7"),
    ("**", "5", "text", "*"),
    ("_(* \"n/a\"_)", "5", "text", "n/a"), ("0.00", "0.30000000000000004", "number", "0.3"),
    ("0.000000000000000000", "0.30000000000000004", "number", "0.3"),
    ("yyyy-mm-dd", "44927.75", "number", "44927"), ("yyyy-mm-dd", "44927", "number", "44927"),
    ("mmm-yy", "44940", "number", "44927"), ("yyyy", "45000.5", "number", "44927"),
    ("mmm-yy", "0.5", "number", "1"), ("mmm yyyy", "60", "number", "32"),
    ("h:mm", "44927.55", "number", "0.55"),
    ("h:mm", "0.567824074074074", "number", "0.567361111111111"),
    ("mm:ss", "0.55", "number", "0.00833333333333333"),
    ("[h]:mm", "1.9999", "number", "1.99930555555556"),
    ("[h]", "1.99", "number", "1.95833333333333"),
    ("[h][s]", "1.687505", "number", "1.6875"),
    ("yyyy-mm-dd hh:mm", "44927.5678", "number", "44927.5673611111"),
    ("hh:mm:ss.0", "0.123456789", "number", "0.123457175925926"),
    ("dddd", "44927", "text", "Sunday"), ("d-mmm", "44927", "text", "1-Jan"),
    ("d", "44927", "text", "1"),
    ("mmmm", "44927", "text", "January"), ("dddd mmm yyyy", "44927", "text", "Sunday Jan 2023"),
    ("dddd d mmm yyyy", "44927.3", "number", "44927"), ("yyyy-mm-dd", "-5", "text", "########"),
    ("h AM/PM", "0.55", "number", "0.541666666666667"), ("A/P", "0.55", "number", "0.5"),
    ("0\"quote", "1.23456", "number", "1.23456"), ("0.00", "1e-05", "number", "0"),
    ("0.000000", "1e-05", "number", "1e-05"), ("0", "1e+20", "number", "1e+20"),
]  # fmt: skip

NOT_UNDERSTOOD = ['0"abc', "[foo]0", "0;0;0;@;0", "n0", "General0", "yyyy0", "0E+", "0/", "/0",
    "/", "[", "@;@",
                  "[Blue]G3neral", "ss.0000", "0\\", "0_", "0*", "[>=100]0;[<=-100]0;[=3]0",
                  "0,0/0", "?/?/?",
                  "0" * 256]  # fmt: skip

ALL_TEXTS = [
    *PLAIN, *CHOICE, *MASKS, *OTHER_EXPONENTS, *OTHER_FRACTIONS, *DATES,
    *[("General", value, text) for value, text in GENERAL],
    *[(code, spelled(float(f"1.2345678e{power}")), text)
      for code, row in EXPONENTS for power, text in row.items()],
    *[(code, value, text) for value, row in FRACTIONS.items()
      for code, text in zip(FRACTION_CODES, row, strict=True)],
    *[(builtin_code(number), value, text) for value, row in BUILTINS.items()
      for number, text in zip(BUILTIN_IDS, row, strict=True)],
]  # fmt: skip


@pytest.mark.parametrize(("code", "value", "text"), ALL_TEXTS)
def test_shows_what_the_programs_show(code: str, value: str, text: str) -> None:
    found = number_format(code)
    assert found.understood
    assert found.text(value, False) == text


@pytest.mark.parametrize("value", ROUNDED)
def test_times_are_rounded_before_they_are_read(value: str) -> None:
    found = number_format("yyyy mmm ddd dd hh:mm:ss")
    assert (found.text(value, False), found.text(value, True)) == ROUNDED[value]


def test_1904_system() -> None:
    assert number_format("yyyy-mm-dd").text("0", True) == "1904-01-01"
    assert number_format("h:mm").text("-0.5", True) == "-12:00"
    assert number_format("yyyy-mm-dd").text("2957004", True) == "########"
    assert number_format("mmm yyyy").as_displayed("43470.5", True) == ("number", "43465")
    assert number_format("h:mm").as_displayed("-1.5", True) == ("number", "-0.5")


@pytest.mark.parametrize(("code", "value", "kind", "text"), KEPT)
def test_copy_keeps_what_shows(code: str, value: str, kind: str, text: str) -> None:
    assert number_format(code).as_displayed(value, False) == (kind, text)


@pytest.mark.parametrize("code", NOT_UNDERSTOOD)
def test_odd_codes_behave_as_general(code: str) -> None:
    found = number_format(code)
    assert not found.understood
    assert found.keeps_all_digits
    assert found.text("1234.5", False) == "1234.5"
    assert found.text_of_string("text") is None


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("General", None), ("0;0;0", None), ("@", None), ("0.00", None), ("h:mm;@", None),
        ("0;0;0;\"hidden\"", "hidden"), (";;;", ""), ("0;;;", ""),
        ("\"Haha!\"\\ @\\ \"Yeah!\"", "Haha! text Yeah!"),
        ("@@", "texttext"), ("_(@_)", " text "), ("0;0;0;General'", "text'"), ("0;0;0;**", "*"),
        ("0;0;0;0", None), ("0;@", None), ("@.", "text."), ("0@", None),
    ],
)  # fmt: skip
def test_texts(code: str, text: str | None) -> None:
    assert number_format(code).text_of_string("text") == text


def test_stored_texts() -> None:
    codes = {
        "_(@_)": None,
        "0": None,
        ";;;": "",
        '0;0;0;"hidden"': "hidden",
        "0;0;0;General'": None,
    }
    assert {code: number_format(code).string_as_displayed("text") for code in codes} == codes


def test_fast_path_says_how_many_decimals_stay() -> None:
    expected = {
        "0": 0, "0.00": 2, "#,##0.00;(#,##0.00)": 2, "0%": 2, "0.0%": 3, "0.000,": 0, "0,": None,
        "#": None, "#.##": 2, "#,##0;#": 0, "#,##0;;": None, '0;0;"-"': None,
        "[<5]0;0.0": None, "General": None,
        "yyyy": None, "0.00E+0": None, "0.00;0.0": 1, builtin_code(43): 2, "[Red]0.0": 1,
    }  # fmt: skip
    assert {code: number_format(code).max_decimals for code in expected} == expected


def test_colours_are_named() -> None:
    assert number_format("[Red]0;[Color 12]0;0").colours == ("red", "color12", "")


@pytest.mark.parametrize(
    "value", ["", ".", "-", "x", "1e999", "nan", "inf", "1_0", "1\n", "٣", "1" * 999]
)
def test_what_is_no_number_is_malformed(value: str) -> None:
    for code in ("0.0", "yyyy-mm-dd", "# ?/?", "[<5]0"):
        with pytest.raises(Malformed):
            number_format(code).text(value, False)
        with pytest.raises(Malformed):
            number_format(code).as_displayed(value, False)


def test_ids_without_a_code_are_general() -> None:
    assert builtin_code(163) == "General"
    assert builtin_code(27) == builtin_code(14) == "mm-dd-yy"
    assert all(number_format(builtin_code(number)).understood for number in range(164))


# The laws of section 10.

PIECES = st.sampled_from([
    "0", "0", "#", "?", ".", ",", "%", "E+0", "E-00", "/", " ", "\\-", '"x"', "_(", "* ", "**",
    "(", ")",
    "[Red]", "[<5]", "[>=10]", "[=0]", "[<>-3]", "[<-1]", "[$€-407]", ";", ";", "General", "@",
    "y", "yyyy",
    "m", "mm", "mmm", "d", "dd", "dddd", "h", "hh", ":", "s", "ss", ".0", ".000", "[h]", "[mm]",
    "[s]",
    "AM/PM", "A/P", "8", "16", "#,##0", "0.00", "# ?/?", "??/??", "##0.0E+0", "-", '"', "[", "n",
    "e", "b",
])  # fmt: skip
CODES = st.lists(PIECES, max_size=7).map("".join)
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-3e6, 3e6),
    st.floats(-20, 20),
    st.integers(-(10**6), 3 * 10**6).map(float),
    st.integers(-(10**6), 10**6).map(lambda n: n / 1000),
    st.integers(0, 86400 * 3).map(lambda n: n / 86400),
).map(lambda x: spelled(x + 0.0))


@settings(max_examples=500, deadline=None)
@given(CODES, NUMBERS, st.booleans())
def test_copy_shows_the_same_and_a_copy_of_it_changes_nothing(
    code: str, value: str, date1904: bool
) -> None:
    found = number_format(code)
    text = found.text(value, date1904)
    kind, kept = found.as_displayed(value, date1904)
    if kind == "number":
        assert found.text(kept, date1904) == text
        assert found.as_displayed(kept, date1904) == ("number", kept)
        assert spelled(float(kept)) == kept
    else:
        assert kept == text.strip(" ")
        assert (kind == "nothing") == (not kept)


def digits_of(value: str) -> int:
    return len(re.sub(r"e.*|[-.]", "", value).strip("0"))


PLAIN_CODES = st.sampled_from(
    [
        "0",
        "0.0",
        "0.00",
        "#,##0.000",
        "0%",
        "0.0%",
        "#,##0.00;(#,##0.00)",
        "0.0E+0",
        "##0.00E+0",
        "0.0,",
    ]
)


@settings(max_examples=500, deadline=None)
@given(PLAIN_CODES, NUMBERS)
def test_digits_never_grow(code: str, value: str) -> None:
    kind, kept = number_format(code).as_displayed(value, False)
    if kind == "number":
        assert digits_of(kept) <= digits_of(value)


@settings(max_examples=500, deadline=None)
@given(PLAIN_CODES, NUMBERS, NUMBERS)
def test_rounding_keeps_the_order(code: str, one: str, other: str) -> None:
    low, high = sorted((one, other), key=float)
    found = number_format(code)
    first, second = found.as_displayed(low, False), found.as_displayed(high, False)
    if first.kind == second.kind == "number":
        assert float(first.text) <= float(second.text)


@settings(max_examples=500, deadline=None)
@given(CODES, st.integers(-(10**15), 10**15), st.integers(0, 9))
def test_fast_path_agrees_with_the_slow_one(code: str, digits: int, places: int) -> None:
    found = number_format(code)
    value = spelled(digits / 10**places)
    if "e" in value or found.max_decimals is None:
        return
    if len(value.partition(".")[2]) <= found.max_decimals and digits_of(value) <= 15:
        assert found.as_displayed(value, False) == ("number", value)
    assert found.as_displayed(value, False) == found._faithful(value, False)


INSTANTS = st.lists(
    st.sampled_from(["yyyy", "yy", "m", "mm", "d", "ddd", " ", "h", ":", "mm", "ss", ".0", ".00",
                     ".000", "[h]", "[m]", "AM/PM", ";", "e"]),
    max_size=7,
).map("".join)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(INSTANTS, NUMBERS, st.booleans())
def test_short_way_for_dates_agrees_with_the_long_one(
    code: str, value: str, date1904: bool
) -> None:
    found = number_format(code)
    assert found.as_displayed(value, date1904) == found._faithful(value, date1904)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=30), st.text(max_size=5))
def test_any_code_is_read(code: str, text: str) -> None:
    found = number_format(code)
    assert isinstance(found.text("1234.5", False), str)
    assert isinstance(found.text_of_string(text), str | None)


# Other engines, where they are installed.

COMMON = ["0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%", "0.00E+00", "yyyy-mm-dd", "d-mmm-yy",
    "mmm-yy", "h:mm",
          "h:mm:ss", "h:mm AM/PM", "[h]:mm:ss", "mm:ss", "#,##0;(#,##0)", "0.0,", '0;-0;"zero"',
          "# ?/?",
          "##0.0E+0", "00000-0000", "yyyy-mm-dd hh:mm"]  # fmt: skip
SOME = [
    "0",
    "1",
    "0.5",
    "12.25",
    "1234.125",
    "45000.123",
    "40000",
    "0.75",
    "99.995",
    "1234567.89",
    "61.5",
]


@pytest.mark.skipif(importlib.util.find_spec("ssf") is None, reason="needs the package ssf")
def test_agrees_with_ssf() -> None:
    from ssf.ssf import SSF

    engine = SSF(locale_support=False, errors="raise")
    found = {
        (code, value): number_format(code).text(value, False)
        for code in COMMON for value in SOME if "E" not in code
    }  # fmt: skip
    assert {key: engine.format(key[0], float(key[1])) for key in found} == found


def elsewhere(code: str, value: str) -> bool:
    """Where LibreOffice differs: no 29 February 1900, no long durations, zero in engineering."""
    early = ("d" in code or "y" in code) and float(value) < 61
    return early or (code, value) in {("[h]:mm:ss", "1234567.89"), ("##0.0E+0", "0")}


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_agrees_with_libreoffice(tmp_path: Path) -> None:
    import xlsxwriter

    pairs = [(code, value) for code in COMMON for value in SOME if not elsewhere(code, value)]
    book = xlsxwriter.Workbook(str(tmp_path / "source.xlsx"))
    sheet = book.add_worksheet()
    for row, (code, value) in enumerate(pairs):
        sheet.write_number(row, 0, float(value), book.add_format({"num_format": code}))
    book.close()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false", "--outdir",
         str(tmp_path), str(tmp_path / "source.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with (tmp_path / "source.csv").open(encoding="utf-8", newline="") as file:
        shown = [row[0] for row in csv.reader(file)]
    expected = [number_format(code).text(value, False) for code, value in pairs]
    # Programs strip spaces at the ends when they write csv; nothing else may differ.
    assert [text.strip() for text in shown] == [text.strip() for text in expected]
