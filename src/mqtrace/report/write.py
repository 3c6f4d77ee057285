"""Gives the report its form, as text or in a file."""

from pathlib import Path
from typing import Literal

from mqtrace.mark import marked, marked_markdown
from mqtrace.model import Report, UsageError
from mqtrace.report.shown import shown

Form = Literal["text", "md", "json", "html"]
_SUFFIXES: dict[str, Form] = {".html": "html", ".json": "json", ".md": "md", ".txt": "text"}
_FILE_WIDTH = 100


def form_named(name: str) -> Form:
    """The form of `--format NAME`. Raises UsageError for a name that is none."""
    for form in _SUFFIXES.values():
        if name == form:
            return form
    raise UsageError(f"There is no report format {name!r}: choose one of {', '.join(sorted(_SUFFIXES.values()))}.")


def form_of(path: Path) -> Form:
    """The form that the suffix of a report's file asks for. Raises UsageError for an unknown suffix."""
    form = _SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise UsageError(
            f"Cannot tell the report's format from {path.name!r}: end the name with one of {', '.join(_SUFFIXES)}."
        )
    return form


def rendered(report: Report, form: Form, *, width: int = _FILE_WIDTH, color: bool = False, verbosity: int = 0) -> str:
    """The report in that form, without secrets; `width`, `color` and `verbosity` matter to text alone."""
    report = report if report.is_shown else shown(report)
    if form == "json":
        from mqtrace.report.json import to_json

        return to_json(report)
    if form == "html":
        from mqtrace.report.html import render_html

        return render_html(report)
    if form == "md":
        from mqtrace.report.markdown import render_markdown

        return marked_markdown(render_markdown(report))
    from mqtrace.report.text import render_text

    text = render_text(report, width=width, color=color, verbosity=verbosity)
    return marked(text) if verbosity >= 0 else text


def write_report_file(report: Report, path: Path, *, verbosity: int = 0) -> None:
    """Writes the report to a file in UTF-8, in the form of its suffix.

    Raises UsageError for an unknown suffix, or when the file cannot be written.
    """
    text = rendered(report, form_of(path), verbosity=verbosity)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"Cannot write the report to {path}: {error.strerror}. Choose another file with -o."
        ) from error
