"""The shape of what `explain` tells of a word: an object of the contract."""

from collections.abc import Iterable
from typing import Any

Explained = dict[str, Any]


def explanation(
    kind: str, id: str, title: str, meaning: str, *, causes: Iterable[str], fixes: Iterable[str], **more: Any
) -> Explained:
    """The object; of `more`, what only some kinds have, nothing that is empty."""
    filled = {name: value for name, value in more.items() if value}
    return {
        "kind": kind,
        "id": id,
        "title": title,
        "meaning": meaning,
        "causes": list(causes),
        "fixes": list(fixes),
        "also": [],
        **filled,
    }
