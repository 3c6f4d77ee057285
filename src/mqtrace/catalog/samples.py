"""The samples that come with mqtrace: sample-traces/samples.toml."""

import tomllib
from functools import cache

from msgspec import Struct

from mqtrace.catalog.tables import data_folder


class Sample(Struct, frozen=True):
    """One sample.

    Attributes:
        name: name of its folder.
        title: what happened, one line.
        origin: "genuine" or "synthetic".
        files: the files to diagnose, relative to the folder.
        reason_code: what the application got in the connection that matters.
        cause: id of the true cause, "" where nothing failed.
        findings: ids that must be among the findings.
        settings: setting name -> [value, source] that must be in the ledger.
    """

    name: str
    title: str
    origin: str
    files: tuple[str, ...]
    reason_code: int
    cause: str
    findings: tuple[str, ...] = ()
    settings: "dict[str, list[str]] | None" = None


@cache
def samples() -> tuple[Sample, ...]:
    """All samples, in the order of their file."""
    content = tomllib.loads((data_folder("sample-traces") / "samples.toml").read_text(encoding="utf-8"))
    return tuple(
        Sample(**{**entry, "files": tuple(entry["files"]), "findings": tuple(entry.get("findings", ()))})
        for entry in content["sample"]
    )


def sample(name: str) -> Sample | None:
    """The sample of that name."""
    return next((each for each in samples() if each.name == name), None)
