"""Tables in files: written with pandas, and read again as a baseline."""

from pathlib import Path
from typing import Any

from mqtrace.model import InputError, UsageError
from mqtrace.model.errors import how_to_extend
from mqtrace.triage.result import Triage
from mqtrace.triage.tables import harmless, incident_table, rendered_csv, rendered_json, rendered_markdown, row_table

SUFFIXES = {".parquet": "pyarrow", ".xlsx": "openpyxl", ".csv": "", ".html": "", ".json": "", ".md": ""}
VERSION = "1"
_SHEET_ROWS = 1_048_575
_KEY = b"mqtrace-triage"


def check_file(path: Path) -> None:
    """Raises UsageError for a suffix that is not known, or one that needs a package that is not there."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{path}: write to a name that ends in {', '.join(SUFFIXES)}")
    _need(suffix)


def _need(suffix: str) -> None:
    from importlib.util import find_spec

    package = SUFFIXES[suffix]
    if package and find_spec(package) is None:
        raise UsageError(f"{suffix} files need {package}; type   {how_to_extend('tables')}")


def write_file(found: Triage, path: Path, top: int = 0) -> None:
    """Writes the answer in the form of the suffix: .csv and .parquet have the rows alone, all others the incidents too.

    A Parquet file always has all rows: as a baseline of a later run, it must not make old ones new. Raises InputError
    where the file cannot be written.
    """
    try:
        suffix = path.suffix.lower()
        if suffix == ".parquet":
            _write_parquet(found, path)
        elif suffix == ".xlsx":
            _write_workbook(found, path, top)
        else:
            path.write_text(rendered(found, suffix[1:], top), encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror or error}): choose another place.") from None


def rendered(found: Triage, form: str, top: int = 0) -> str:
    """The answer as csv, html, json or md."""
    if form == "html":
        from mqtrace.triage.html_form import rendered_html

        return rendered_html(found, top)
    return {"csv": rendered_csv, "json": rendered_json, "md": rendered_markdown}[form](found, top)


def _frame(table: tuple[tuple[str, ...], list[tuple[Any, ...]]]) -> Any:
    import pandas

    names, rows = table
    return pandas.DataFrame(rows, columns=list(names))


def _write_parquet(found: Triage, path: Path) -> None:
    """Rows and causes in one table; what it is stands in the file's metadata."""
    import pyarrow
    from pyarrow import parquet

    table = pyarrow.Table.from_pandas(_frame(row_table(found)), preserve_index=False)
    causes = "\n".join(each.cause for each in found.incidents)
    own = {_KEY: VERSION.encode(), b"mqtrace-by": found.by.encode(), b"mqtrace-causes": causes.encode()}
    parquet.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **own}), path)


def _write_workbook(found: Triage, path: Path, top: int) -> None:
    import pandas

    wanted = min(len(found.rows), top or len(found.rows))
    if wanted > _SHEET_ROWS:
        raise InputError(
            f"{path} cannot be written: a sheet has no room for {wanted:,} rows; use --top, .csv or .parquet."
        )
    with pandas.ExcelWriter(path, engine="openpyxl") as writer:
        for name, table in (("rows", row_table(found, top)), ("incidents", incident_table(found))):
            names, rows = table
            _frame((names, [tuple(map(harmless, row)) for row in rows])).to_excel(writer, sheet_name=name, index=False)


def read_baseline(path: Path, by: str) -> tuple[frozenset[str], frozenset[str]]:
    """Keys and causes of an earlier run that was written to a Parquet file.

    Raises InputError, UsageError: one sentence each.
    """
    _need(".parquet")
    import pyarrow
    from pyarrow import parquet

    write = f"write one with   mqtrace triage PATH -o {path.with_suffix('.parquet').name}"
    try:
        # Opened here, as pyarrow tells of a file that is not there by its name alone.
        with path.open("rb") as stream:
            table = parquet.read_table(stream)
    except pyarrow.ArrowInvalid:
        raise InputError(f"{path} is no Parquet file; {write}") from None
    except (OSError, pyarrow.ArrowException) as error:
        words = (error.strerror if isinstance(error, OSError) else "") or " ".join(str(error).split())[:120]
        raise InputError(f"{path} cannot be read as a baseline ({words}); {write}") from None
    own = table.schema.metadata or {}
    version = own.get(_KEY, b"").decode("utf-8", "replace")
    if version != VERSION:
        what = f"is of version {version[:20]}" if version else "was not written by mqtrace triage"
        raise InputError(f"{path} {what}; this mqtrace reads version {VERSION}; {write}")
    counted = own.get(b"mqtrace-by", b"").decode("utf-8", "replace")
    if counted != by or by not in table.column_names:
        raise UsageError(f"{path} counts by {counted or 'nothing'}; type   --by {counted}   or give another baseline")
    keys = frozenset(str(each) for each in table.column(by).to_pylist())
    return keys, frozenset(own.get(b"mqtrace-causes", b"").decode("utf-8", "replace").split("\n"))
