import json
from pathlib import Path

from jsonschema import Draft202012Validator

from mqtrace.report.schema import report_schema


def test_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(json.loads(report_schema()))


def test_documented_schema_is_the_shipped_one() -> None:
    assert (Path(__file__).parents[2] / "docs" / "report-schema.json").read_text(encoding="utf-8") == report_schema()
