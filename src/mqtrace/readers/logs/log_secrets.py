"""Masks secrets in the texts of log entries."""

import re
from functools import cache


@cache
def _masks() -> tuple[re.Pattern[str], ...]:
    """Each keeps its first group and hides the rest of the match."""
    value = r"""(?:\\?"[^"]*"?|\\?'[^']*'?|\([^)]*\)?|\S+)"""
    key = r"(?:pass(?:word|wd|phrase|wort|code)|(?<![a-z])pass(?![a-z])|(?:store|key)pass|pwd|secret|token|credentials?|api[_-]?key)"
    return (
        re.compile(rf"""(?i)({key}[\w.]{{0,20}}\\?["']?\s{{0,3}}(?:[=:]|=>)\s{{0,3}})(?!\*\*\*){value}"""),
        re.compile(rf"(?i)((?<!\S)--?(?:pw|\w{{0,20}}{key})\s{{1,3}})(?!-){value}"),
        re.compile(rf"(?i)({key})\((?!\*\*\*)[^)]*"),
        re.compile(r"(?i)(\b(?:bearer|basic)\s{1,3})[\w+/.~=-]{8,}"),
        re.compile(r"(://[^\s:/@]{1,80}:)[^\s@]{1,200}(?=@)"),
    )


def _may_hold(text: str) -> bool:
    """Whether `text` holds a word that stands beside secrets. Single look-ups, because every text of every entry passes here."""
    low = text.lower()
    common = "pass" in low or "pwd" in low or "secret" in low or "token" in low or "://" in low
    return common or "-pw" in low or "api" in low or "bearer" in low or "basic" in low or "credential" in low


def masked(text: str) -> str:
    """`text` with the values of passwords, tokens and the like replaced by "***"."""
    if not _may_hold(text):
        return text
    for index, mask in enumerate(_masks()):
        text = mask.sub(r"\1(***" if index == 2 else r"\1***", text)
    return text
