"""Finds the data that ships with mqtrace: patterns/ and sample-traces/."""

from functools import cache
from pathlib import Path


@cache
def data_folder(name: str) -> Path:
    """Folder `name` ("patterns" or "sample-traces"): inside an installed wheel, else at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "data" / name
    return installed if installed.is_dir() else package.parent.parent / name
