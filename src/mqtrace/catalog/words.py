"""Which known words a mistyped one may mean."""

from collections.abc import Iterable
from difflib import SequenceMatcher

LONGEST = 100
ALIKE = 0.6
# For a name in a file: nobody is there to choose among several.
MUCH_ALIKE = 0.7
SEPARATORS = str.maketrans(dict.fromkeys("_-. ", ""))


def _plain(word: str) -> str:
    return word.translate(SEPARATORS).casefold()


def _likeness(matcher: SequenceMatcher[str], word: str, alike: float) -> float:
    """0 to 1; the two quick bounds spare most words the slow comparison."""
    matcher.set_seq1(word)
    if matcher.real_quick_ratio() < alike or matcher.quick_ratio() < alike:
        return 0.0
    return matcher.ratio()


def nearest(word: str, words: Iterable[str], limit: int = 3, alike: float = ALIKE) -> list[str]:
    """Up to `limit` of `words` that `word` may mean, nearest first; case, _ - . and blanks do not count.

    A word that begins with `word` comes before one that is merely alike.
    """
    wanted = _plain(word[:LONGEST])
    if not wanted:
        return []
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    ranked = []
    for candidate in dict.fromkeys(words):
        plain = _plain(candidate)
        begins = len(wanted) >= 4 and plain.startswith(wanted)
        likeness = _likeness(matcher, plain, alike)
        if begins or likeness >= alike:
            ranked.append((plain != wanted, not begins, -likeness, candidate))
    return [candidate for *_, candidate in sorted(ranked)[:limit]]


def meant(name: str, known: Iterable[str]) -> str:
    """The known name that a misspelt one in a file stands for; "" when none is that much alike."""
    return next(iter(nearest(name, known, limit=1, alike=MUCH_ALIKE)), "")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a sentence that names the known name that is meant; "" when none is alike."""
    name = meant(name, known)
    return f'; did you mean "{name}"?' if name else ""
