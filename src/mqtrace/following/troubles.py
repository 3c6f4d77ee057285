"""What cannot be read for now: said once, and once more when it is well again."""

from collections.abc import Callable, Mapping

# Notes that are remembered.
MOST = 1000


class Troubles:
    """What is wrong with which input."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._known: dict[str, Mapping[str, str]] = {}
        self._noted: dict[tuple[str, str], None] = {}

    def now(self, kind: str, wrong: Mapping[str, str]) -> None:
        """Takes note of all that is wrong, of one kind: sentences by the names of inputs."""
        before = self._known.get(kind, {})
        for name, sentence in wrong.items():
            if before.get(name) != sentence:
                self._say(f"{name}: {sentence}")
        for name in before:
            if name not in wrong:
                self._say(f"{name}: it can be read again")
        self._known[kind] = dict(wrong)

    def note(self, name: str, sentence: str) -> None:
        """What stays as it is, once."""
        if (name, sentence) not in self._noted:
            self._noted[name, sentence] = None
            self._say(f"{name}: {sentence}")
        if len(self._noted) > MOST:
            del self._noted[next(iter(self._noted))]
