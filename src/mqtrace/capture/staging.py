"""What a ticket needs of a capture, laid out in a folder for the archive: trace, logs and failure reports of that time,
settings.

Lines are masked as in a report, and the rows of dumps are left out, since a password in them may stand nowhere else
with a word beside it. What the structures in the dumps say is in the report.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from mqtrace.capture.tools import error_folders
from mqtrace.kept import compiled
from mqtrace.masking import HIDDEN, mask, mask_value, printable
from mqtrace.readers.configuration.config_listing import secret_names, variable_names

# Of a log only so much of its end: it may be years old.
_LOG_END = 1 << 20
_ERROR_LOGS, _FAILURE_REPORTS = ("AMQERR01.LOG", "AMQERR01.json"), "*.FDC"
# Words of eight hexadecimal digits, or bytes, in a row; or one long run of digits.
_DUMP = compiled(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}(?: {1,2}[0-9A-Fa-f]{2,8}(?![0-9A-Za-z:.])){1,}|"
    r"[0-9A-Fa-f]{2}(?:[ -]{1,2}[0-9A-Fa-f]{2}){3,}|[0-9A-Fa-f]{32,}).*"
)
# A row whose words are fewer ends a dump; its offset tells it.
_OFFSET_ROW = compiled(r"((?:^|\s)0x[0-9A-Fa-f]{4,8}(?::| \(| {1,2}(?=[0-9A-Fa-f]{2}(?:[^x0-9A-Za-z]|[0-9A-Fa-f])))).*")
_ASSIGNMENT = compiled(r"(?P<begin>\s*)(?P<name>[A-Za-z_][\w.]{0,80})(?P<equals>\s*=\s*)(?P<value>.*)")
_ENVIRONMENT = "Environment Variables"


def stage(target: Path, folder: Path, begun: float, variables: dict[str, str]) -> None:
    """Writes into `target` what lies in `folder`, and what of logs and failure reports was written since `begun`."""
    for trace in sorted(each for each in folder.iterdir() if each.is_file()):
        _masked(trace, target / "trace" / trace.name)
    for log in _logs(variables, begun):
        _masked(log, target / "errors" / log.name, _LOG_END)


def stage_settings(target: Path, name: str, lines: Iterable[str]) -> None:
    """Writes a file of settings into `target`."""
    path = target / "settings" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{masked_line(line)}\n" for line in lines), encoding="utf-8")


def _logs(variables: dict[str, str], begun: float) -> Iterator[Path]:
    for folder in error_folders(variables):
        for pattern in (*_ERROR_LOGS, _FAILURE_REPORTS):
            yield from (path for path in sorted(folder.glob(pattern)) if path.stat().st_mtime >= begun - 1)


def _masked(path: Path, target: Path, most: int = 0) -> None:
    """A text file, line by line; one that is not formatted holds what nobody can mask, and stays out."""
    with path.open("rb") as file:
        if b"\0" in file.read(4096):
            return
        size = file.seek(0, 2)
        file.seek(max(size - most, 0) if most else 0)
        target.parent.mkdir(parents=True, exist_ok=True)
        is_environment = False
        with target.open("wb") as written:
            for line in file:
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                is_environment = is_environment or text.strip() == _ENVIRONMENT
                written.write((_environment_line(text) if is_environment else masked_line(text)).encode() + b"\n")


def masked_line(line: str) -> str:
    """A line as it may leave: secrets masked, the row of a dump left out."""
    line = _DUMP.sub(HIDDEN, _OFFSET_ROW.sub(rf"\1{HIDDEN}", line))
    found = _ASSIGNMENT.fullmatch(line)
    if found:
        line = f"{found['begin']}{found['name']}{found['equals']}{mask_value(found['name'], found['value'])}"
    return printable(mask(line))


def _environment_line(line: str) -> str:
    """A line of the whole environment at a failure report's end: only what MQ reads is kept."""
    found = _ASSIGNMENT.fullmatch(line)
    if found is None:
        return "" if "=" in line else masked_line(line)
    known = found["name"] in variable_names() - secret_names()
    return masked_line(line) if known else f"{found['name']}={HIDDEN}"
