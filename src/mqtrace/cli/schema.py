"""mqtrace schema: the JSON Schema of the report."""

from mqtrace.cli.console import output

NAME = "schema"
HELP = """Prints the JSON Schema of the report that --format json writes.

\b
Examples:
  mqtrace schema > report-schema.json
"""


def command() -> None:
    """Prints the committed schema."""
    from mqtrace.report.json import report_schema

    output(report_schema())
