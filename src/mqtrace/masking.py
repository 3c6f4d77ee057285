"""Makes text from inputs fit to be shown: no secret is in it, and nothing in it steers a terminal.

Every reader masks what it gives, because nobody behind it needs a secret; the report masks once more what a line or a sentence holds.
"""

import re
from functools import cache, lru_cache

HIDDEN = "***"
# Longer texts are rarely the same twice, and would make the memory of the cache large.
_LONGEST_REMEMBERED = 300
_STEMS = (
    r"passw(?:or[dt])?|passwd|passphrase|passcode|pwd|secret|credentials?|token|api[_\-]?key"
    r"|(?<![a-z])pass(?![a-z])|(?:store|key)pass"
)
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
# A trace of the C client writes a variable as `xcsGetEnvironmentString[NAME] = value`; the value, blanks in it too, ends
# with the line.
_BRACKETED = (
    rf"[\[({{][\"']?(?!(?-i:(?:OLD)?PWD)[\"']?[\])}}]{_BLANKS}={_BLANKS}/){_PREFIX}(?:{_STEMS})"
    rf"(?![\w.\-]{{0,40}}?(?:{_HARMLESS})[\"']?[\])}}])[\w.\-]{{0,40}}+[\"']?[\])}}]{_BLANKS}"
)
_VARIABLE = r"(?-i:(?!OLDPWD=/)[A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|PASSPHRASE|[A-Z0-9_]PWD|SECRET|TOKEN))"
# Each form with the signs, in small letters, of which a text of that form holds one. What stands in group `keep` stays,
# the rest of the match is hidden. None of these is the form of a sentence.
_KEYS = ("pass", "pwd", "secret", "credential", "token", "api")
_FORMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("authori",),
        rf"(?P<keep>\bauthorization\\?[\"']?{_BLANKS}[=:]{_BLANKS}[\"']?(?>(?:\w{{1,20}}\s{{1,9}})?)){_EMPTY}[^\s\"',;]+",
    ),
    (("bearer", "basic"), rf"(?P<keep>\b(?:bearer|basic)\s{{1,9}}){_EMPTY}[A-Za-z0-9+/_\-.~]{{8,}}=*"),
    (("eyj",), r"(?P<keep>)\beyJ[A-Za-z0-9_\-]{5,}(?:\.[A-Za-z0-9_\-]*){0,4}"),
    (("@",), rf"(?P<keep>[a-z][a-z0-9+.\-]{{1,20}}://[^\s:/@]{{0,80}}:){_EMPTY}[^\s/]+(?=@)"),
    (
        ("@",),
        rf"(?P<keep>(?<![\w/.:\-])[\w.\-]{{1,64}}:)(?!/)(?![\w.$]{{1,200}}@[0-9a-f]{{1,8}}\b)"
        rf"{_EMPTY}[^\s:@/\\()]{{1,200}}(?=@[\w\[])",
    ),
    (("pkcs11",), r"(?P<keep>GSK_PKCS11=[^;]{0,300}+;[^;]{0,300}+;)(?!\*{3})[^;\s][^;]*"),
    (
        _KEYS,
        rf"(?P<keep>(?m:^)[ \t]{{0,20}}(?:export |set )?{_VARIABLE}[ \t]{{0,20}}=)(?!\s{{0,20}}[\"']){_EMPTY}[^\r\n]+",
    ),
    (_KEYS, rf"(?P<keep>\bset\w{{0,30}}?(?:{_STEMS})\([^)\n]{{0,200}}\)){_BLANKS}(?!\*)\S[^\r\n]*"),
    (_KEYS, rf"(?P<keep><(?:\w{{1,30}}:)?{_PREFIX}{_KEY}(?:\s[^>]{{0,200}})?>){_EMPTY}(?:(?!</).)+"),
    (_KEYS, rf"(?P<keep>[\"']{_PREFIX}{_KEY}{_VALUE_ATTRIBUTE}){_QUOTED}"),
    (_KEYS, rf"(?P<keep>[\"']{_PREFIX}{_KEY}[\"']{_BLANKS}>){_EMPTY}(?:(?!</).)+"),
    (
        (*_KEYS, "-pw"),
        rf"(?P<keep>(?<!\S)--?{_PREFIX}(?:{_KEY}|pass\w{{0,40}}|pw)\s{{1,20}}+)(?!-)(?:{_QUOTED}|(?![\"']){_EMPTY}\S+)",
    ),
    (_KEYS, rf"(?P<keep>{_BRACKETED}(?:->|{_EQUALS}){_BLANKS})(?:{_QUOTED}|(?![\"']){_EMPTY}\S[^\r\n]*)"),
    (_KEYS, rf"(?P<keep>{_KEY}{_ASSIGN}){_QUOTED}"),
    (_KEYS, rf"(?P<keep>{_KEY}(?:{_BLANKS}\((?=')|\({_BLANKS}))(?:{_QUOTED}|(?!'){_EMPTY}[^)\s][^)]*)"),
    (_KEYS, rf"(?P<keep>{_KEY}\\?[\"']?{_BLANKS}{_EQUALS}{_BLANKS})(?![\"'\\]){_BARE}"),
)
# `password: value` without quotes: also the form of a sentence ("to set the password: run ...").
_COLON_FORM = (_KEYS, rf"(?P<keep>(?:{_KEY}\\?[\"']?{_BLANKS}|{_BRACKETED}):{_BLANKS})(?![\"'\\=]){_BARE}")


@cache
def _compiled(form: str) -> re.Pattern[str]:
    """Compiled when first needed: all forms together take longer than most runs."""
    return re.compile(form, re.IGNORECASE)


@cache
def _secret_name() -> re.Pattern[str]:
    return re.compile(rf"(?!(?-i:(?<!\w)(?:OLD)?PWD$))(?:{_STEMS})(?![\w.\-]{{0,80}}(?:{_HARMLESS})$)", re.IGNORECASE)


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(r"\\{0,8}[\"']")


def _may_hold(low: str) -> bool:
    """Whether a text in small letters holds a sign of any form. Single look-ups, because every text of every log passes here."""
    common = "pass" in low or "pwd" in low or "secret" in low or "token" in low or "@" in low or "eyj" in low
    rare = "-pw" in low or "api" in low or "bearer" in low or "basic" in low or "credential" in low
    return common or rare or "authori" in low or "pkcs11" in low


def _hide(match: re.Match[str]) -> str:
    quote = _opening().match(match.string, match.end("keep"), match.end())
    return f"{match['keep']}{quote[0] if quote else ''}{HIDDEN}"


def _masked(text: str, forms: tuple[tuple[tuple[str, ...], str], ...]) -> str:
    low = text.lower()
    if not _may_hold(low):
        return text
    for signs, form in forms:
        if any(sign in low for sign in signs):
            text = _compiled(form).sub(_hide, text)
    return text


@lru_cache(maxsize=8192)
def _remembered(text: str) -> str:
    """Most lines, names and values of a log come again and again."""
    return _masked(text, (*_FORMS, _COLON_FORM))


def mask(text: str) -> str:
    """`text` with each value that follows the key of a secret replaced by "***", whatever its length.

    Known are key=value, key: value, [key] = value, (key) = value, quoted values, JSON, XML, MQSC's KEY(value), options of a
    command line, environment variables, user:password@host, PKCS#11 tokens, bearer tokens and JWTs. Too much is hidden
    rather than too little; a word that is no key ("/ssl/password/key.kdb") hides nothing.
    """
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _masked(text, (*_FORMS, _COLON_FORM))


def mask_sentence(text: str) -> str:
    """As `mask`, for a sentence of mqtrace itself: "to set the password: run ..." holds none."""
    return _masked(text, _FORMS)


def is_secret(name: str) -> bool:
    """Whether a setting, field, attribute or variable of that name holds a secret."""
    return _secret_name().search(name) is not None


def mask_value(name: str, value: str) -> str:
    """`value` of the setting, field, attribute or variable `name`: "***" when such a name holds a secret."""
    return HIDDEN if value and is_secret(name) else mask(value)


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character == "\t":
        return " "
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # how Python carries a byte of a file name that is not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"


def printable(text: str) -> str:
    r"""`text` with every character that is not printable written out as \xNN or \u{N...}; a tab becomes a blank.

    Not printable are control characters (C0, C1), bidirectional overrides, zero-width characters, separators of lines and
    paragraphs, lone surrogates and all blanks but the plain one.
    """
    return text if text.isprintable() else "".join(map(_visible, text))
