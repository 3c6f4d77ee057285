"""mqtrace schema."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema

from command_line import Ran
from mqtrace.cli import exits

Run = Callable[..., Ran]


def test_the_schema_is_the_committed_file(mqtrace: Run) -> None:
    shown = mqtrace("schema")
    assert (shown.code, shown.err) == (exits.OK, "")
    assert shown.stdout == (Path(__file__).parents[2] / "patterns" / "schema" / "report.schema.json").read_bytes()


def test_it_is_a_schema(mqtrace: Run) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(mqtrace("schema").out))
