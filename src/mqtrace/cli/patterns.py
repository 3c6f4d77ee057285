"""mqtrace patterns: the trace patterns, listed and tested."""

from pathlib import Path

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import PATTERNS
from mqtrace.cli.console import output, say
from mqtrace.mark import marked

NAME = "patterns"
HELP = """Lists or tests the patterns that say what a line of a trace means.

\b
Examples:
  mqtrace patterns list
  mqtrace patterns test --patterns ./mine
"""

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.command(
    name="list",
    help="""Lists the patterns: id, fact, what it proves, how it is known.

\b
Examples:
  mqtrace patterns list
  mqtrace patterns list --patterns ./mine
""",
)
def list_patterns(folders: list[Path] = PATTERNS) -> None:
    """Prints one line a pattern."""
    from mqtrace.catalog.trace_patterns import trace_patterns
    from mqtrace.evidence.pattern_examples import families

    found = [pattern for client in families() for pattern in trace_patterns(client, tuple(folders))]
    output(
        marked("".join(f"{pattern.id:36} {pattern.fact:38} {pattern.proves:9} {pattern.basis}\n" for pattern in found))
    )


@app.command(
    name="test",
    help="""Runs the examples of every pattern, and checks the files of knowledge. Exit code 1 when one fails.

\b
Examples:
  mqtrace patterns test
  mqtrace patterns test --patterns ./mine
""",
)
def test_patterns(folders: list[Path] = PATTERNS) -> None:
    """Prints each problem, and how many examples were run."""
    from mqtrace.catalog.schema import check_knowledge
    from mqtrace.catalog.tables import data_folder
    from mqtrace.evidence.pattern_examples import run_examples
    from mqtrace.model import PatternError
    from mqtrace.report.words import counted

    try:
        examples, problems = run_examples(tuple(folders))
    except PatternError as error:
        say(str(error))
        raise typer.Exit(exits.PROBLEM) from None
    problems += check_knowledge(data_folder("patterns"))
    for problem in problems:
        say(problem)
    output(f"{counted(examples, 'example')} run, {counted(len(problems), 'problem')}\n")
    raise typer.Exit(exits.PROBLEM if problems else exits.OK)
