"""The CSV tables of patterns/tables."""

import csv
from functools import cache

from mqtrace.catalog.files import data_folder

Row = dict[str, str]


@cache
def table(name: str) -> tuple[Row, ...]:
    """All rows of patterns/tables/`name`.csv, each a dict of column -> text. Lines that begin with # are comments."""
    path = data_folder("patterns") / "tables" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(line for line in lines if not line.startswith("#")))
