"""Writes SYNTHETIC formatted traces of a C client: no whole trace has ever been published.

Taken from published excerpts: the form of prefixes, calls, return codes and dump rows. From patterns/tables: the
offsets of structures. Everything else (which calls, which texts between them) is made up, and a test may leave it out
or word it otherwise.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

TABLES = Path(__file__).parents[1] / "patterns" / "tables"
Order = Literal["little", "big"]
Bits = Literal[64, 32]
Lines = list["Line"]
MILLISECONDS_BETWEEN_LINES = 1


@dataclass(frozen=True)
class Layout:
    """How one platform and version writes a line.

    Attributes:
        name: for the test's id.
        windows: return codes in brackets, no FunctionTime, all bodies at one column.
        counter: eight hexadecimal digits before the time.
        ident: width of the ident's second part; 0 without an ident.
        remark: what stands before texts.
        newline: end of a line.
        flag: first character of a line on UNIX.
    """

    name: str
    windows: bool = False
    counter: bool = False
    ident: int = 6
    remark: str = ""
    newline: str = "\n"
    flag: str = " "


UNIX = Layout("unix")
UNIX_OLD = Layout("unix-old-ident", ident=5)
UNIX_5 = Layout("unix-no-ident", ident=0)
UNIX_FLAG = Layout("unix-flag", flag="*")
UNIX_CRLF = Layout("unix-crlf", newline="\r\n")
WINDOWS = Layout("windows", windows=True, newline="\r\n")
WINDOWS_REMARK = Layout("windows-remark", windows=True, remark="!! - ")
WINDOWS_COUNTER = Layout("windows-counter", windows=True, counter=True, remark="!! - ", newline="\r\n")
LAYOUTS = (UNIX, UNIX_OLD, UNIX_5, UNIX_FLAG, UNIX_CRLF, WINDOWS, WINDOWS_REMARK, WINDOWS_COUNTER)


@dataclass(frozen=True)
class Line:
    """One line of a trace: kind is call, text, row, or bare (without a prefix)."""

    kind: Literal["call", "text", "row", "bare"]
    body: str
    thread: int = 1


def enter(name: str, depth: int = 0) -> Line:
    """A call begins."""
    return Line("call", "-" * depth + "{  " + name)


def leave(name: str, depth: int = 0, result: str = "OK") -> Line:
    """A call ends; the return code is put as the layout has it."""
    return Line("call", "-" * depth + ("}  " if result == "OK" else "}! ") + f"{name} rc={result}")


def text(*bodies: str) -> Lines:
    """Free text, one line each."""
    return [Line("text", body) for body in bodies]


def of_thread(thread: int, lines: Iterable[Line]) -> Lines:
    """The same lines as said by another thread."""
    return [replace(line, thread=thread) for line in lines]


def interleaved(*parts: Sequence[Line]) -> Lines:
    """One line of each part in turn, as threads that run at once write them."""
    longest = max(map(len, parts))
    return [part[at] for at in range(longest) for part in parts if at < len(part)]


def rows(data: bytes, *, upper: bool = False, gap: str = "  ") -> Lines:
    """A dump without a caption; the last row is short where the data is."""
    found = []
    for offset in range(0, len(data), 16):
        part = data[offset : offset + 16]
        words = " ".join(part[at : at + 4].hex() for at in range(0, len(part), 4))
        shown = "".join(chr(each) if 0x20 <= each < 0x7F else "." for each in part)
        words = f"{words.upper() if upper else words:<35}"
        found.append(Line("row", f"0x{offset:04x}:{gap}{words}  |{shown}|"))
    return found


def _fields(structure: str) -> dict[str, dict[str, str]]:
    with (TABLES / "mq_struct_fields.csv").open(encoding="utf-8") as file:
        table = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["field"]: row for row in table if row["struct"] == structure}


def _length(structure: str, version: int, bits: Bits) -> int:
    with (TABLES / "mq_struct_lengths.csv").open(encoding="utf-8") as file:
        table = csv.DictReader(line for line in file if not line.startswith("#"))
        return next(
            int(row[f"length_{bits}"]) for row in table if (row["struct"], row["version"]) == (structure, str(version))
        )


def structure(
    name: str,
    version: int,
    values: dict[str, str | int] | None = None,
    *,
    bits: Bits = 64,
    order: Order = "little",
    storage: int = 0,
) -> bytes:
    """The bytes of an MQI structure; `storage` is the version of the header it was built
    with, where that is later than `version`."""
    fields = _fields(name)
    length = _length(name, max(version, storage), bits)
    data = bytearray(length)
    given: dict[str, str | int] = {"Version": version, **(values or {})}
    if name == "MQCD":
        given = {"ChannelType": 6, "TransportType": 2, "StrucLength": length, **given}
    else:
        given["StrucId"] = name.removeprefix("MQ").ljust(4)
    for key, row in fields.items():
        offset, size = int(row[f"offset_{bits}"]), int(row[f"length_{bits}"])
        if offset + size > length:
            continue
        value = given.get(key, " " * size if row["ctype"].startswith("MQCHAR") else 0)
        data[offset : offset + size] = (
            value.encode().ljust(size) if isinstance(value, str) else value.to_bytes(size, order)
        )
    return bytes(data)


def channel_definition(
    channel: str = "APP.SVRCONN", address: str = "mq1.example.com(1414)", *, version: int = 11, bits: Bits = 64,
    order: Order = "little",
    storage: int = 0, **values: str | int,
) -> bytes:  # fmt: skip
    """An MQCD as the client dumps it: the names of channel and address, and what else is given."""
    given = {
        "ChannelName": channel,
        "QMgrName": "QM1",
        "ShortConnectionName": address[:20],
        "ConnectionName": address,
        **values,
    }
    return structure("MQCD", version, given, bits=bits, order=order, storage=storage)


def environment(name: str, value: str | None, depth: int = 5) -> Lines:
    """The client reads one variable; None is one that is not set."""
    call = "xcsGetEnvironmentString"
    end = leave(call, depth) if value is not None else leave(call, depth, "xecE_E_ENV_VAR_NOT_FOUND")
    return [enter(call, depth), *text(f"xcsGetEnvironmentString[{name}] = {'NULL' if value is None else value}"), end]


def environments(**values: str | None) -> Lines:
    """The client reads several variables."""
    return [line for name, value in values.items() for line in environment(name, value)]


def connect(inside: Sequence[Line], result: str = "OK", verb: str = "MQCONNX") -> Lines:
    """A call that connects, with the layers of functions around what happens inside."""
    layers = [verb, f"tmzst{verb}", f"zst{verb}", "zstMQConnect", "reqDoConnect"]
    begin = [enter(name, depth) for depth, name in enumerate(layers)]
    end = [leave(name, depth, result) for depth, name in reversed(list(enumerate(layers)))]
    return [*begin, *inside, *end]


def session(inside: Sequence[Line] = (), result: str = "OK") -> Lines:
    """The client opens a session on a channel."""
    return [enter("rriInitSess", 5), *inside, leave("rriInitSess", 5, result)]


def handshake(inside: Sequence[Line] = (), result: str = "OK") -> Lines:
    """The client begins TLS on the socket."""
    return [enter("cciTcpSslInitSess", 6), *inside, leave("cciTcpSslInitSess", 6, result)]


def noise() -> Lines:
    """Calls that end with codes that are no failures."""
    found = [
        enter("xtmRequestMutex", 5),
        *text("component:31 function:269 length:433 options:0 cbmindex:-1 *pointer:fe220bb92"),
    ]
    found += [
        leave("xtmRequestMutex", 5),
        enter("xjcGetJsonStringLength", 5),
        leave("xjcGetJsonStringLength", 5, "Unknown(8)"),
    ]
    return [*found, *text("Data: 0x00000191 0x00000196"), *environment("MQAPPLNAME", None)]


BOX = (
    ("Date/Time", "Tue November 24 2026 23:59:59 UTC"), ("Host Name", "apphost"), ("Operating System", "Linux 5.14.0"),
    ("LVLS", "9.3.0.5"),
    ("UserID", "00001001 (app)"), ("Program Name", "orders"), ("Addressing mode", "64-bit"), ("Process", "00007300"),
)  # fmt: skip
HEADERS: dict[str, tuple[str, ...]] = {
    "none": (),
    "boxed": ("+" + 77 * "-" + "+", *(f"| {key:<18}:- {value:<55} |" for key, value in BOX), "+" + 77 * "-" + "+", ""),
    "record": (
        "Header.v02:9.0:AIX 7.2:64:-1:1:GMT",
        "Version : 9.0.0.0    Level : p900-L160520",
        "UTC   Date : 11/24/26  Time : 23:59:59.000000",
        "Local Date : 11/24/26  Time : 23:59:59.000000  GMT",
        "PID : 7300 Process : orders (64-bit)",
        "Host : apphost",
    ),
    "plain": (
        "Process : C:\\app\\orders.exe (64-bit)",
        "Version : 9.3.0.5    Level : p930",
        "Date : 11/24/26  Time : 23:59:59.000000",
        "",
    ),
}


@dataclass
class Trace:
    """A trace to write.

    Attributes:
        lines: its lines.
        layout: how a line is written.
        header: one of HEADERS.
        start: time of day of the first line, in milliseconds.
        pid: process id.
    """

    lines: list[Line] = field(default_factory=list)
    layout: Layout = UNIX
    header: str = "none"
    start: int = 9 * 3_600_000
    pid: int = 7300

    def content(self) -> bytes:
        """The file."""
        return b"".join(f"{line}{self.layout.newline}".encode() for line in self._written())

    def write(self, path: Path) -> Path:
        """Writes the file and gives its path."""
        path.write_bytes(self.content())
        return path

    def _written(self) -> Iterable[str]:
        records = self.header == "record"
        if not records:
            yield from HEADERS[self.header]
        head = [Line("text", body) for body in HEADERS[self.header]] if records else []
        for number, line in enumerate([*head, *self.lines]):
            yield line.body if line.kind == "bare" else self._prefix(number, line.thread) + self._body(line)

    def _prefix(self, number: int, thread: int) -> str:
        at = (self.start + number * MILLISECONDS_BETWEEN_LINES) % 86_400_000
        clock = f"{at // 3_600_000:02}:{at // 60_000 % 60:02}:{at // 1000 % 60:02}.{at % 1000:03}000"
        ident = f" {'':>5}:{'':<{self.layout.ident}} " if self.layout.ident else 5 * " "
        counter = f"{number + 1:08X} " if self.layout.counter else ""
        if self.layout.windows:
            return f"{counter}{clock} {self.pid:>6}.{thread:<6}{ident}"
        return f"{self.layout.flag}{clock} {self.pid:>8}.{thread:<6}{ident}"

    def _body(self, line: Line) -> str:
        if not self.layout.windows:
            return {"call": "", "text": 5 * " ", "row": 7 * " "}[line.kind] + line.body
        if line.kind == "call":
            name, mark, result = line.body.partition(" rc=")
            return f"{name} (rc={result})" if mark else name
        return self.layout.remark + line.body if line.kind == "text" else line.body
