"""Reads a text with a log reader, as the pipeline does."""

from io import BufferedReader, BytesIO
from pathlib import Path
from types import ModuleType

from mqtrace.inputs import Source
from mqtrace.model import LogEntry
from mqtrace.readers.tally import Tally

DATA = Path(__file__).parents[2] / "data" / "readers" / "logs"
CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
HEADER = "03/17/21 01:12:25 - Process(6029646.412472) User(mqm) Program(amqrmppa)"


def read(reader: ModuleType, data: bytes | str, tally: Tally | None = None) -> list[LogEntry]:
    content = data.encode() if isinstance(data, str) else data
    return list(reader.read(Source("sample", BufferedReader(BytesIO(content), 65536)), tally or Tally()))


def entry(
    date: str = "03/17/21 01:12:25",
    *fields: str,
    message: str = "AMQ9999E: Channel 'A.B' went away.",
    process: str = "1.2",
) -> str:
    """A SYNTHETIC entry of an AMQERR log; the sentences are not IBM's."""
    lines = "".join(f"{'':20}{field}\n" for field in fields)
    return (
        f"{date} - Process({process}) User(mqm) Program(amqrmppa)\n{lines}{'':19}\n{message}\n\n"
        f"EXPLANATION:\nThis is a made-up text.\nACTION:\nNone. \n----- made.c : 12 {'-' * 61}\n"
    )
