"""Puts what `mqtrace demo` prints into README.md; with --check only says whether it is up to date."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "README.md"
EXAMPLE = re.compile(r"(?<=\$ mqtrace demo\n).*?(?=```\n)", re.DOTALL)
DEMO = [sys.executable, "-c", "from mqtrace.cli import main; main()", "demo"]


def page(text: str) -> str:
    """The page with the example as mqtrace prints it now."""
    printed = subprocess.run(
        DEMO, check=True, capture_output=True, encoding="utf-8", env={**os.environ, "COLUMNS": "100"}
    ).stdout
    return EXAMPLE.sub(lambda _: printed, text, count=1)


def main() -> int:
    """Writes the page, or with --check says whether it is up to date."""
    before = PAGE.read_text(encoding="utf-8")
    after = page(before)
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(after, encoding="utf-8", newline="\n")
    elif before != after:
        print("the example in README.md is out of date; run   make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
