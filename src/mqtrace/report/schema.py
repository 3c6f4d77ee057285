"""The committed JSON Schema of the report."""

from mqtrace.catalog.files import data_folder


def report_schema() -> str:
    """Text of the JSON Schema (2020-12) that every report of `--format json` satisfies."""
    return (data_folder("patterns") / "schema" / "report.schema.json").read_text(encoding="utf-8")
