"""Tells how sure `mqtrace` is of the causes of known cases, so that two versions of it can be compared.

    python bench/certainty.py FOLDER[:GLOB] ... > before.txt

A FOLDER holds one folder a case, each with truth.json, or logs only, each a case; GLOB chooses the files of a case
("*.log"). Prints one line a case, the strongest of its causes with the confidence and whether it is the known one, so
that `diff` shows what has changed, and a table of shares.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import mqtrace

CONFIDENCES = ("certain", "likely", "possible", "none")


def cases(folder: Path, pattern: str) -> Iterator[tuple[str, list[Path]]]:
    """Name and input files of each case of `folder`."""
    scenarios = sorted(path.parent for path in folder.glob("*/truth.json"))
    for scenario in scenarios:
        files = [path for path in sorted(scenario.rglob(pattern)) if path.is_file() and path.name != "truth.json"]
        if files:
            yield scenario.name, files
    if not scenarios:
        yield from ((path.name, [path]) for path in sorted(folder.glob(pattern)) if path.is_file())


def strongest(files: list[Path]) -> tuple[str, str]:
    """Confidence and id of the surest cause of a case; ("none", "") where it has no cause."""
    causes = [outcome.cause for outcome in mqtrace.diagnose(files).outcomes if outcome.cause]
    ordered = sorted((CONFIDENCES.index(cause.confidence), cause.id) for cause in causes)
    return (CONFIDENCES[ordered[0][0]], ordered[0][1]) if ordered else ("none", "")


def is_known(scenario: Path, cause: str) -> str:
    """Whether the truth of a case names `cause`: "right", "wrong", or "" where the truth is not known or names none."""
    truth = scenario / "truth.json"
    known = json.loads(truth.read_text(encoding="utf-8")).get("cause_ids") if truth.is_file() else None
    if not known or not cause:
        return ""
    return "right" if cause in known else "wrong"


def main() -> None:
    """Prints a line a case, then a line a folder."""
    shares: dict[str, Counter[str]] = {}
    for argument in sys.argv[1:]:
        name, _, pattern = argument.partition(":")
        folder = Path(name)
        shares[folder.name] = Counter()
        for case, files in cases(folder, pattern or "*"):
            confidence, cause = strongest(files)
            shares[folder.name][confidence] += 1
            print(f"{folder.name}/{case}  {confidence}  {cause}  {is_known(folder / case, cause)}".rstrip(), flush=True)
    print(f"\n{'folder':20} {'cases':>6} {'certain':>8} {'likely':>8} {'possible':>9} {'none':>6}")
    for folder_name, count in shares.items():
        numbers = [count.total(), *(count[confidence] for confidence in CONFIDENCES)]
        print(f"{folder_name:20} {numbers[0]:6} {numbers[1]:8} {numbers[2]:8} {numbers[3]:9} {numbers[4]:6}")


if __name__ == "__main__":
    main()
