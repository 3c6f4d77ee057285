"""Makes text from inputs fit to be shown: nothing in it steers a terminal, and no secret is in it.

The readers mask what they know to be secret; `mask` is the second line of defence, for what stands in the lines themselves.
"""

import re
from functools import cache

_HIDDEN = "***"
_STEMS = r"passw(?:or[dt])?|passwd|passphrase|pwd|secret|credentials?|token|api[_\-]?key|(?<![a-z])pass(?![a-z])|(?:store|key)pass"
_HARMLESS = (
    r"protection|file|path|ptr|pointer|offset|length|policy|encoding|encrypted|required|type|expir\w*|ccsid|version"
)
# Everything that repeats is bounded, so that a long run of anything costs no more than its length.
_BLANKS = r"\s{0,20}+"
_PREFIX = r"[\w.\-]{0,40}?"
_TAIL = rf"(?![\w.\-]{{0,40}}?(?:{_HARMLESS})\\?[\"']?{_BLANKS}[=:(])[\w.\-]{{0,40}}+"
# PWD and OLDPWD of an environment are folders, and the first of them is where mqclient.ini is looked for.
_FOLDER = r"(?-i:(?:(?<![\w;,&.\-])|(?<=OLD))PWD=/)"
_KEY = rf"(?!{_FOLDER})(?:{_STEMS}){_TAIL}"
_EMPTY = r"(?!\\{0,3}[\"']?[(<]?(?:null|none|nothing|not[ _-]set|\*{3,}|\.{3})(?:[\s,;:&)}\]>\"'\\<@]|$))"
_CLOSED = r"(?:[\s,;:)}\]>]|[/?]>|$)"
_DOUBLE = rf"\"(?>(?:\\.|(?!\"{_CLOSED}).)*)"
_SINGLE = rf"'(?>(?:\\.|(?!'{_CLOSED}).)*)"
_ESCAPED = r"(?P<escape>\\{1,8}+[\"'])(?>(?:(?!(?P=escape)).)*)"
_QUOTED = rf"(?!(?:\\?\"\\?\"|''){_CLOSED}){_EMPTY}(?:{_ESCAPED}|{_DOUBLE}|{_SINGLE})"
# A comma, semicolon or ampersand ends a value only where another key, a blank or the end follows: passwords contain them.
_NEXT_KEY = rf"[,;&]{_BLANKS}\\?[\"']?[\w.\-]{{1,60}}\\?[\"']?{_BLANKS}[=:]"
_END = rf"[)}}\]>\"']{{0,8}}(?:{_NEXT_KEY}|[,;]?(?:\s|$))|</"
_BARE = rf"{_EMPTY}(?:(?!{_END})[^ \t\r\n])+"
_ASSIGN = rf"\\?[\"']?{_BLANKS}(?:=>|:=|[=:]){_BLANKS}"
_EQUALS = r"(?:=>|:?=(?!>))"
_VALUE_ATTRIBUTE = rf"[\"']?{_BLANKS}(?:,{_BLANKS})?[\"']?value\\?[\"']?{_BLANKS}[=:]{_BLANKS}"
# A trace of the C client writes a variable as `xcsGetEnvironmentString[NAME] = value`; the value, blanks in it too, ends with the line.
_BRACKETED = (
    rf"[\[({{][\"']?(?!(?-i:(?:OLD)?PWD)[\"']?[\])}}]{_BLANKS}={_BLANKS}/){_PREFIX}(?:{_STEMS})"
    rf"(?![\w.\-]{{0,40}}?(?:{_HARMLESS})[\"']?[\])}}])[\w.\-]{{0,40}}+[\"']?[\])}}]{_BLANKS}"
)
_VARIABLE = r"(?-i:(?!OLDPWD=/)[A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|PASSPHRASE|[A-Z0-9_]PWD|SECRET|TOKEN))"


@cache
def _hint() -> re.Pattern[str]:
    """What every text with a secret contains; most texts do not, and are done."""
    return re.compile(r"pass|pwd|secret|credential|token|api[_\-]?key|bearer|basic|eyJ|@|-pw|authori", re.I)


@cache
def _strong_masks() -> tuple[re.Pattern[str], ...]:
    """Forms that are never a sentence; what stands in group `keep` stays, the rest of the match is hidden."""
    forms = (
        rf"(?P<keep>\bauthorization\\?[\"']?{_BLANKS}[=:]{_BLANKS}[\"']?(?>(?:\w{{1,20}}\s{{1,9}})?)){_EMPTY}[^\s\"',;]+",
        rf"(?P<keep>\b(?:bearer|basic)\s{{1,9}}){_EMPTY}[A-Za-z0-9+/_\-.~]{{8,}}=*",
        r"(?P<keep>)\beyJ[A-Za-z0-9_\-]{5,}(?:\.[A-Za-z0-9_\-]*){0,4}",
        rf"(?P<keep>[a-z][a-z0-9+.\-]{{1,20}}://[^\s:/@]{{0,80}}:){_EMPTY}[^\s/]+(?=@)",
        rf"(?P<keep>(?<![\w/.:\-])[\w.\-]{{1,64}}:)(?!/)(?![\w.$]{{1,200}}@[0-9a-f]{{1,8}}\b){_EMPTY}[^\s:@/\\()]{{1,200}}(?=@[\w\[])",
        rf"(?P<keep>(?m:^)[ \t]{{0,20}}(?:export |set )?{_VARIABLE}[ \t]{{0,20}}=)(?!\s{{0,20}}[\"']){_EMPTY}[^\r\n]+",
        rf"(?P<keep>\bset\w{{0,30}}?(?:{_STEMS})\([^)\n]{{0,200}}\)){_BLANKS}(?!\*)\S[^\r\n]*",
        rf"(?P<keep><(?:\w{{1,30}}:)?{_PREFIX}{_KEY}(?:\s[^>]{{0,200}})?>){_EMPTY}(?:(?!</).)+",
        rf"(?P<keep>[\"']{_PREFIX}{_KEY}{_VALUE_ATTRIBUTE}){_QUOTED}",
        rf"(?P<keep>[\"']{_PREFIX}{_KEY}[\"']{_BLANKS}>){_EMPTY}(?:(?!</).)+",
        rf"(?P<keep>(?<!\S)--?{_PREFIX}(?:{_KEY}|pass\w{{0,40}}|pw)\s{{1,20}}+)(?!-)(?:{_QUOTED}|(?![\"']){_EMPTY}\S+)",
        rf"(?P<keep>{_BRACKETED}(?:->|{_EQUALS}){_BLANKS})(?:{_QUOTED}|(?![\"']){_EMPTY}\S[^\r\n]*)",
        rf"(?P<keep>{_KEY}{_ASSIGN}){_QUOTED}",
        rf"(?P<keep>{_KEY}(?:{_BLANKS}\((?=')|\({_BLANKS}))(?:{_QUOTED}|(?!'){_EMPTY}[^)\s][^)]*)",
        rf"(?P<keep>{_KEY}\\?[\"']?{_BLANKS}{_EQUALS}{_BLANKS})(?![\"'\\]){_BARE}",
    )
    return tuple(re.compile(form, re.I) for form in forms)


@cache
def _colon_mask() -> re.Pattern[str]:
    """`password: value` without quotes: also the shape of a sentence ("to set the password: run ...")."""
    return re.compile(rf"(?P<keep>(?:{_KEY}\\?[\"']?{_BLANKS}|{_BRACKETED}):{_BLANKS})(?![\"'\\=]){_BARE}", re.I)


@cache
def _secret_name() -> re.Pattern[str]:
    return re.compile(rf"(?!(?-i:(?<!\w)(?:OLD)?PWD$))(?:{_STEMS})(?![\w.\-]{{0,80}}(?:{_HARMLESS})$)", re.I)


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(r"\\{0,8}[\"']")


def _hide(match: re.Match[str]) -> str:
    quote = _opening().match(match.string, match.end("keep"), match.end())
    return f"{match['keep']}{quote[0] if quote else ''}{_HIDDEN}"


def _mask_strong(text: str) -> str:
    for form in _strong_masks():
        text = form.sub(_hide, text)
    return text


def mask(text: str) -> str:
    """`text` with each value that follows the key of a secret replaced by "***", whatever its length.

    Known are key=value, key: value, [key] = value, (key) = value, quoted values, JSON, XML, MQSC's KEY(value), options of a command line,
    environment variables, user:password@host, bearer tokens and JWTs. Too much is hidden rather than too little; a word that is no key
    ("/ssl/password/key.kdb") hides nothing.
    """
    return _colon_mask().sub(_hide, _mask_strong(text)) if _hint().search(text) else text


def mask_value(name: str, value: str) -> str:
    """`value` of the setting, field or variable `name`: "***" when such a name holds a secret."""
    return _HIDDEN if value and _secret_name().search(name) else mask(value)


def _visible(character: str) -> str:
    code = ord(character)
    if character.isprintable():
        return character
    if character == "\t":
        return " "
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"


def safe(text: str) -> str:
    """`text` with every character that is not printable written out as \\xNN or \\u{N...}; a tab becomes a blank.

    Not printable are control characters (C0, C1), bidirectional overrides, zero-width characters, separators of lines and paragraphs, lone
    surrogates and all blanks but the plain one.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def clean(text: str) -> str:
    """A line, name or value of an input, without secrets and safe to show."""
    return safe(mask(text))


def clean_value(name: str, value: str) -> str:
    """The value of `name` without secrets and safe to show."""
    return safe(mask_value(name, value))


def sentence(text: str) -> str:
    """A sentence of mqtrace with names of the input in it: one line, without secrets, safe to show.

    Three blanks inside a step part a command from the words before it, so blanks are kept.
    """
    line = re.sub(r"\s*[\r\n\t]\s*", " ", text.strip())
    return safe(_mask_strong(line) if _hint().search(line) else line)


def one_line(text: str) -> str:
    """A line of an input for reading: as `clean`, with each run of blanks and line ends as one blank."""
    return clean(" ".join(mask(text).split()))
