"""What people paste: each form must give the same bytes."""

from pathlib import Path

import pytest

from mqtrace.decode.hexdump import hex_row, parse_dump, parse_hex
from mqtrace.model.errors import DecodeError

BYTES = bytes.fromhex("54534820000000240205 0c00000000000000000022020000330300000800000001000000")

FORMS = {
    "plain": "545348200000002402050c00000000000000000022020000330300000800000001000000",
    "plain in upper case with 0x": "0x545348200000002402050C00000000000000000022020000330300000800000001000000",
    "plain, wrapped in mid-byte": "545348200000002402050c0000000000000000002\n2020000330300000800000001000000\n",
    "pairs": "54 53 48 20 00 00 00 24 02 05 0c 00 00 00 00 00 00 00 00 00 22 02 00 00 "
    "33 03 00 00 08 00 00 00 01 00 00 00",
    "colons": "54:53:48:20:00:00:00:24:02:05:0c:00:00:00:00:00:00:00:00:00:22:02:00:00:"
    "33:03:00:00:08:00:00:00:01:00:00:00",
    "words": "54534820 00000024 02050c00 00000000 00000000 22020000 33030000 08000000 01000000",
    "C trace": """
 09:00:00.125280     7257.1      RSESS:000001      Data received
 09:00:00.125280     7257.1      RSESS:000001        0x0000:  54534820 00000024 02050c00 00000000  |TSH ...$........|
 09:00:00.125280     7257.1      RSESS:000001        0x0010:  00000000 22020000 33030000 08000000  |...."...3.......|
 09:00:00.125280     7257.1      RSESS:000001        0x0020:  01000000                             |....|
""",
    "C trace on Windows, CRLF": (
        "00000058 09:00:00.125019   7261.1      RSESS:000001 0x0000:  54534820 00000024 02050c00 00000000  |TSH "
        "...$........|\r\n"
        "00000059 09:00:00.125019   7261.1      RSESS:000001 0x0010:  00000000 22020000 33030000 08000000  "
        '|..."...3.......|\r\n'
        "0000005A 09:00:00.125019   7261.1      RSESS:000001 0x0020:  01000000                             |....|\r\n"
    ),
    "C trace, the rows alone": """0x0000:  54534820 00000024 02050c00 00000000  |TSH ...$........|
0x0010:  00000000 22020000 33030000 08000000  |...."...3.......|
0x0020:  01000000                             |....|""",
    "GSKit": """54 53 48 20 00 00 00 24 02 05 0C 00 00 00 00 00     TSH ...$........
00 00 00 00 22 02 00 00 33 03 00 00 08 00 00 00     ...."...3.......
01 00 00 00                                         ....""",
    "xxd": """00000000: 5453 4820 0000 0024 0205 0c00 0000 0000  TSH ...$........
00000010: 0000 0000 2202 0000 3303 0000 0800 0000  ...."...3.......
00000020: 0100 0000                                ....""",
    "hexdump -C": """00000000  54 53 48 20 00 00 00 24  02 05 0c 00 00 00 00 00  |TSH ...$........|
00000010  00 00 00 00 22 02 00 00  33 03 00 00 08 00 00 00  |...."...3.......|
00000020  01 00 00 00                                       |....|
00000024""",
    "od": """0000000 54 53 48 20 00 00 00 24 02 05 0c 00 00 00 00 00
0000020 00 00 00 00 22 02 00 00 33 03 00 00 08 00 00 00
0000040 01 00 00 00
0000044""",
    "od -A d": """0000000 54 53 48 20 00 00 00 24 02 05 0c 00 00 00 00 00
0000016 00 00 00 00 22 02 00 00 33 03 00 00 08 00 00 00
0000032 01 00 00 00
0000036""",
    "xxd -c 32": """00000000: 5453 4820 0000 0024 0205 0c00 0000 0000 0000 0000 2202 0000 3303 0000 0800 0000  TSH ...
00000020: 0100 0000                                                                        ....""",
    "xxd -i": """unsigned char dump_bin[] = {
  0x54, 0x53, 0x48, 0x20, 0x00, 0x00, 0x00, 0x24, 0x02, 0x05, 0x0c, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
  0x00, 0x00, 0x22, 0x02, 0x00, 0x00, 0x33, 0x03, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00
};
unsigned int dump_bin_len = 36;""",
    "quoted in a mail": """> 00000000: 5453 4820 0000 0024 0205 0c00 0000 0000  TSH ...$........
> 00000010: 0000 0000 2202 0000 3303 0000 0800 0000  ...."...3.......
> 00000020: 0100 0000                                ....""",
    "Wireshark": """0000   54 53 48 20 00 00 00 24 02 05 0c 00 00 00 00 00   TSH ...$........
0010   00 00 00 00 22 02 00 00 33 03 00 00 08 00 00 00   ...."...3.......
0020   01 00 00 00                                       ....""",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_bytes(form: str) -> None:
    assert parse_hex(FORMS[form]) == BYTES


def test_genuine_rows_of_the_dotnet_client(samples: Path) -> None:
    assert parse_hex((samples / "dumps" / "dotnet_error_segment.txt").read_text()) == BYTES


def test_rows_that_the_java_client_suppressed_are_put_back(samples: Path) -> None:
    data = parse_hex((samples / "dumps" / "java_initial_data.txt").read_text())

    assert len(data) == 268
    assert data[0x50:0x70] == b" " * 32
    assert data[0xB0:0xBC] == b"MQJB09040400"


def test_repeated_rows_of_hexdump_are_put_back() -> None:
    text = (
        "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000040  01 02\n00000042\n"
    )

    assert parse_hex(text) == bytes(64) + b"\x01\x02"


def test_rows_repeated_up_to_the_end_are_put_back() -> None:
    text = "00000000  61 62 63 64 65 66 67 68  20 20 20 20 20 20 20 20  |abcdefgh        |\n*\n00000030\n"

    assert parse_hex(text) == b"abcdefgh        " * 3


@pytest.mark.parametrize(
    "row", ["0000000 5354 2048 0000 2400 0502 000c 0000 0000", "000000 20485354 24000000 000c0502 00000000"]
)
def test_words_whose_byte_order_nobody_told_are_refused_with_the_commands_that_print_bytes(row: str) -> None:
    with pytest.raises(DecodeError, match="hexdump -C"):
        parse_hex(f"{row}\n{row}\n")


def test_the_offset_of_the_first_row_is_told() -> None:
    assert parse_dump("0x0010:  41424344  |ABCD|") == (0x10, b"ABCD")


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ("0x0020:  01000000  |....|", "a row is missing"),
        ("0x0000:  01000000  |....|", "another dump begins"),
    ],
)
def test_the_dump_ends_at_a_row_that_does_not_continue_it(second: str, why: str) -> None:
    assert parse_hex(f"0x0000:  54534820 00000024 02050c00 00000000  |TSH ...$........|\n{second}") == BYTES[:16], why


def test_a_huge_suppressed_gap_is_not_filled() -> None:
    assert parse_hex("0x0000:  00000000\n9999 duplicate line(s) suppressed\n0x7fffff00:  01000000\n") == bytes(4)


def test_captions_are_no_rows_where_rows_have_offsets() -> None:
    assert parse_hex("CD\n0x0000:  41424344  |ABCD|\n") == b"ABCD"


def test_ascii_columns_that_look_like_hexadecimal_are_left_out() -> None:
    assert parse_hex("0x0000:  61626162 61626162 61626162 61626162  |abababababababab|") == b"ab" * 8
    assert hex_row("61 62 61 62                                         abab") == b"abab"


@pytest.mark.parametrize(
    "text", ["", " \n\t", "no dump here", "0x", "|....|", "0x0000:  no bytes  |....|", "AMQ9999E: ended"]
)
def test_text_without_hexadecimal_is_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        parse_hex(text)


def test_an_odd_number_of_digits_is_refused_with_their_number() -> None:
    with pytest.raises(DecodeError, match=r"odd number of hexadecimal digits \(5\)"):
        parse_hex("16 03 0")
