"""What is passed on: redacted inputs, the report on them, and a manifest that says what was hidden and what was not."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile

from mqtrace.mark import GENERATOR, json_text
from mqtrace.model import Report, UsageError
from mqtrace.redaction.identities import Identities, Identity, checked
from mqtrace.redaction.inputs import NOT_HIDDEN, LeftOut, RedactedFile, redact_inputs
from mqtrace.redaction.report import learn_from_report, redacted
from mqtrace.report.shown import PSEUDONYMS, with_note
from mqtrace.report.write import Form, rendered

MANIFEST = "manifest.json"
_REPORTS: dict[str, Form] = {"report.html": "html", "report.md": "md", "report.json": "json", "report.txt": "text"}
_INPUTS = "inputs"


class Passed:
    """What was written.

    Attributes:
        files, left_out: what became of the inputs.
        named: who was hidden, and how often.
        secrets: places at which known secrets were hidden.
    """

    def __init__(self, became: Iterable[RedactedFile | LeftOut], hidden: Sequence[tuple[Identity, int]]) -> None:
        became = list(became)
        self.files = [each for each in became if isinstance(each, RedactedFile)]
        self.left_out = [each for each in became if isinstance(each, LeftOut)]
        self.named = [(who, times) for who, times in hidden if times and who.kind != "secret"]
        self.secrets = sum(times for who, times in hidden if who.kind == "secret")

    def manifest(self) -> str:
        """All of it as JSON; originals are not in it."""
        told: dict[str, Any] = {
            "generator": GENERATOR,
            "files": [
                {"file": file.name, "kind": file.kind, "bytes": file.size, "sha256": file.sha256} for file in self.files
            ],
            "left_out": [{"file": left.name, "why": left.why} for left in self.left_out],
            "hidden": [{"kind": who.kind, "pseudonym": who.pseudonym, "times": times} for who, times in self.named],
            "secrets_hidden": self.secrets,
            "not_hidden": list(NOT_HIDDEN),
        }
        return json_text(told)


def redact_to_folder(paths: Sequence[Path | str], report: Report, identities: Identities, folder: Path) -> Passed:
    """Writes the redacted inputs into a new or empty folder.

    Raises UsageError where the folder cannot be used, RedactionError (and writes nothing) where something could not be
    hidden.
    """
    learn_from_report(report, identities)
    written: list[Path] = []

    def opened(name: str) -> AbstractContextManager[BinaryIO]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        written.append(path)
        return path.open("xb")

    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise UsageError(
                f"{folder} is not empty: choose a new folder, so that nothing in it is taken for redacted."
            )
        folder.mkdir(parents=True, exist_ok=True)
        became = list(redact_inputs(paths, report.inputs, identities, opened))
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UsageError(f"Cannot write to {folder}: {error.strerror}. Choose another folder with -o.") from error
        raise
    return Passed(became, identities.all())


def bundle(paths: Sequence[Path | str], report: Report, identities: Identities, archive: Path) -> Passed:
    """Writes an archive of the redacted inputs, the report on them in four forms, and a manifest.

    Raises UsageError where the archive cannot be written, RedactionError (and writes nothing) where something could not
    be hidden.
    """
    learn_from_report(report, identities)
    try:
        with archive.open("xb") as file, ZipFile(file, "w", ZIP_DEFLATED) as packed:

            def opened(name: str) -> AbstractContextManager[BinaryIO]:
                return cast("AbstractContextManager[BinaryIO]", packed.open(f"{_INPUTS}/{name}", "w"))

            became = list(redact_inputs(paths, report.inputs, identities, opened))
            # Anew: the inputs told more than the report.
            hidden = with_note(redacted(report, identities), PSEUDONYMS)
            for name, form in _REPORTS.items():
                packed.writestr(name, checked(rendered(hidden, form), identities))
            passed = Passed(became, identities.all())
            packed.writestr(MANIFEST, passed.manifest())
    except FileExistsError:
        raise UsageError(f"{archive} exists already: choose another name with -o, or remove it.") from None
    except OSError as error:
        archive.unlink(missing_ok=True)
        raise UsageError(f"Cannot write {archive}: {error.strerror}. Choose another file with -o.") from error
    except BaseException:
        archive.unlink(missing_ok=True)
        raise
    return passed


def write_map(identities: Identities, path: Path) -> None:
    """Writes who stands behind each pseudonym, for the sender alone: no other user may read the file.

    Raises UsageError where it cannot be written.
    """
    names = {who.pseudonym: who.value for who, _ in identities.all() if who.kind != "secret"}
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(json_text({"generator": GENERATOR, "names": names}), "utf-8")
    except OSError as error:
        raise UsageError(f"Cannot write {path}: {error.strerror}. Choose a new file with --redact-map.") from error
