"""How listings and scripts state a variable: the grammar of one line.

Forms: `env`, `export -p`, Windows `set` and batch files, csh, PowerShell, systemd, Dockerfile, `docker run -e`,
Compose, Kubernetes, JSON.
"""

import re
from collections.abc import Iterator
from functools import cache

from mqtrace.catalog.settings_files import settings_pattern
from mqtrace.kept import compiled

COMMENT = compiled(r"\s*+(?:#|//|;|::|@?rem\s)", re.IGNORECASE)
# Lines whose assignments end at a blank, because several may follow each other.
SEVERAL = compiled(
    r"\s*+(?:export|declare|typeset|readonly|env|environment)(?:\s|=)|[^#]*?(?<!\S)(?:-e|--env)[\s=]|[^#]*?\b(?:docker|podman)\s",
    re.IGNORECASE,
)
# What stands between the begin of a line and a variable, for each form that owns the whole line.
OWNER = compiled(r"\s*+(?:-\s++|@?set\s++)?", re.IGNORECASE)
POWERSHELL = compiled(r"\s*+\$env:", re.IGNORECASE)
BLANK_OWNER = compiled(r"\s*+(?:setenv|setx|env)\s++", re.IGNORECASE)
LONGEST_OWNER = 200
NAME_ITEM = compiled(r"(?:^|[\s{,-])[\"']?name[\"']?\s{0,8}:\s{0,8}[\"']?$", re.IGNORECASE)
VALUE_ITEM = compiled(r"[\"']?\s*+,\s*+[\"']?value[\"']?\s*+:", re.IGNORECASE)
MAPPING_KEY = compiled(r"(?:^|[{,])\s{0,80}[\"']?$")
COLON = compiled(r"[\"']?\s*+:(?=[\s\"']|$)")
QUOTED = compiled(r'\$?"(?P<double>(?>(?:[^"\\]|\\.)*))"|\$?\'(?P<single>[^\']*+)\'')
IN_DOUBLE_QUOTES = compiled(r'(?>(?:[^"\\]|\\.)*)')
IN_SINGLE_QUOTES = compiled(r"[^']*+")
ESCAPED = compiled(r'\\(["\\$`/])')
WORD = compiled(r"[^\s;]*+")
END_OF_MAPPING_VALUE = compiled(r"\s#|\s*+[,}\]]\s*+$")

Assignment = tuple[str, str | None]


@cache
def variable_names() -> frozenset[str]:
    """Names of all variables in patterns/settings/variables.toml."""
    return frozenset(each["name"] for each in settings_pattern("variables")["variable"])


@cache
def secret_names() -> frozenset[str]:
    """Names of the variables whose value is never shown."""
    return frozenset(each["name"] for each in settings_pattern("variables")["variable"] if each.get("secret"))


@cache
def _name_pattern() -> re.Pattern[str]:
    return compiled(
        "(?<![A-Za-z0-9_%])(?:" + "|".join(sorted(variable_names(), key=len, reverse=True)) + ")(?![A-Za-z0-9_])"
    )


def assignments(line: str) -> Iterator[Assignment]:
    """The MQ variables that the line sets; the value None where it stands on another line (`- name: MQSERVER`)."""
    if "MQ" not in line or COMMENT.match(line):
        return
    several: bool | None = None
    end = 0
    for found in _name_pattern().finditer(line):
        if found.start() < end:
            continue
        if several is None:
            several = SEVERAL.match(line) is not None
        taken = _assigned(line, found.start(), found.end(), several)
        if taken:
            value, end = taken
            yield found[0], value


def _assigned(line: str, start: int, end: int, several: bool) -> tuple[str | None, int] | None:
    """Value of the variable named at start..end and where it ends; None when the name is only mentioned."""
    before = line[max(0, start - LONGEST_OWNER) : start]
    if line.startswith("=", end):
        return _equals(line, before, start, end + 1, several)
    if NAME_ITEM.search(before):
        value = VALUE_ITEM.match(line, end)
        return _mapped(line, value.end()) if value else (None, end)
    colon = COLON.match(line, end)
    if colon and MAPPING_KEY.search(before):
        return _mapped(line, colon.end())
    return _owned(line, before, start, end)


def _equals(line: str, before: str, start: int, value_at: int, several: bool) -> tuple[str, int] | None:
    if before.endswith(('"', "'")):
        pattern = IN_DOUBLE_QUOTES if before.endswith('"') else IN_SINGLE_QUOTES
        found = pattern.match(line, value_at)
        return (ESCAPED.sub(r"\1", found[0]), found.end()) if found else None
    if several:
        return _word(line, value_at) if before.endswith((" ", "\t", "=")) or start == 0 else None
    if start < LONGEST_OWNER and OWNER.fullmatch(before):
        value = _rest(line[value_at:])
        # Compose's list is YAML, where a comment may follow.
        return value.partition(" #")[0].rstrip() if "-" in before else value, len(line)
    if POWERSHELL.fullmatch(before):
        return _rest(line[value_at:]), len(line)
    return None


def _owned(line: str, before: str, start: int, end: int) -> tuple[str, int] | None:
    """Forms with blanks after the name: csh, Dockerfile, PowerShell's assignment and its columns."""
    after = line[end : end + LONGEST_OWNER]
    if POWERSHELL.fullmatch(before) and after.lstrip().startswith("="):
        return _rest(line[end:].lstrip()[1:]), len(line)
    if start < LONGEST_OWNER and BLANK_OWNER.fullmatch(before) and after[:1].isspace():
        return _rest(line[end:]), len(line)
    if start == 0 and after.startswith("  ") and after.strip():
        return line[end:].strip(), len(line)
    return None


def _mapped(line: str, at: int) -> tuple[str, int]:
    found = QUOTED.match(line, at + len(line[at:]) - len(line[at:].lstrip()))
    return (_unquoted(found), found.end()) if found else (mapping_value(line[at:]), len(line))


def _word(line: str, at: int) -> tuple[str, int]:
    if quoted := QUOTED.match(line, at):
        return _unquoted(quoted), quoted.end()
    found = WORD.match(line, at)
    return (found[0], found.end()) if found else ("", at)


def _rest(text: str) -> str:
    quoted = QUOTED.match(text.strip())
    return _unquoted(quoted) if quoted else text.strip()


def _unquoted(found: re.Match[str]) -> str:
    single: str | None = found["single"]
    return single if single is not None else ESCAPED.sub(r"\1", found["double"])


def mapping_value(text: str) -> str:
    """Value after the colon of YAML or JSON: what the quotes hold, else the text without comment, comma and brace."""
    stripped = text.strip()
    if quoted := QUOTED.match(stripped):
        return _unquoted(quoted)
    end = END_OF_MAPPING_VALUE.search(stripped)
    return stripped[: end.start()] if end else stripped
