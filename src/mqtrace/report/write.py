"""Gives the report its form, as text or in a file."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Literal, get_args

from mqtrace.mark import marked
from mqtrace.model import Report, UsageError

Form = Literal["text", "md", "json", "html", "perfetto", "sarif", "junit"]
# The first that fits counts.
_SUFFIXES: dict[str, Form] = {
    ".html": "html",
    ".perfetto.json": "perfetto",
    ".json": "json",
    ".junit.xml": "junit",
    ".md": "md",
    ".sarif": "sarif",
    ".txt": "text",
}
_RENDERERS: dict[Form, tuple[str, str]] = {
    "html": ("html", "render_html"),
    "json": ("json", "to_json"),
    "junit": ("junit", "to_junit"),
    "md": ("ticket", "to_markdown"),
    "perfetto": ("perfetto", "to_perfetto"),
    "sarif": ("sarif", "to_sarif"),
}
FORMS: tuple[Form, ...] = get_args(Form)
_FILE_WIDTH = 100


def form_named(name: str) -> Form:
    """The form of `--format NAME`. Raises UsageError for a name that is none."""
    for form in FORMS:
        if name == form:
            return form
    raise UsageError(f"There is no report format {name!r}: choose one of {', '.join(sorted(FORMS))}.")


def form_of(path: Path) -> Form:
    """The form that the end of a report file's name asks for. Raises UsageError for an unknown one."""
    for suffix, form in _SUFFIXES.items():
        if path.name.lower().endswith(suffix):
            return form
    raise UsageError(
        f"Cannot tell the report's format from {path.name!r}: end the name with one of {', '.join(_SUFFIXES)}."
    )


def rendered(report: Report, form: Form, *, width: int = _FILE_WIDTH, color: bool = False, verbosity: int = 0) -> str:
    """The report in that form, without secrets; `width`, `color` and `verbosity` matter to text alone."""
    if not report.is_shown:
        from mqtrace.report.shown import shown

        report = shown(report)
    if form != "text":
        return _renderer(form)(report)
    from mqtrace.report.text import render_text

    text = render_text(report, width=width, color=color, verbosity=verbosity)
    return marked(text) if verbosity >= 0 else text


def import_writers(forms: Iterable[Form]) -> None:
    """Imports what writes these forms, for who has time now."""
    for form in forms:
        import_module(f"mqtrace.report.{_RENDERERS[form][0] if form in _RENDERERS else form}")


def _renderer(form: Form) -> Callable[[Report], str]:
    """What makes the form, imported when it is asked for."""
    module, name = _RENDERERS[form]
    renderer: Callable[[Report], str] = getattr(import_module(f"mqtrace.report.{module}"), name)
    return renderer


def write_report_file(report: Report, path: Path, *, verbosity: int = 0) -> None:
    """Writes the report to a file in UTF-8, in the form of its suffix.

    Raises UsageError for an unknown suffix, or when the file cannot be written.
    """
    write_text(rendered(report, form_of(path), verbosity=verbosity), path)


def write_text(text: str, path: Path) -> None:
    """Writes a report to a file in UTF-8. Raises UsageError when it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"Cannot write the report to {path}: {error.strerror}. Choose another file with -o."
        ) from error
