"""Options that take one word of a few."""

from collections.abc import Callable, Sequence

import typer

FORMATS = ("text", "md", "json")


def one_of(words: Sequence[str]) -> Callable[[str], str]:
    """A callback that lets only these words (and no word at all) through, and suggests the nearest one."""

    def check(value: str) -> str:
        if value and value not in words:
            from mqtrace.catalog.words import nearest

            near = nearest(value, words, limit=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise typer.BadParameter(f"'{value}' is none of {', '.join(words)}{hint}")
        return value

    return check
