"""Makes text from inputs fit to be shown: no secret is in it, and nothing in it steers a terminal.

Every reader masks what it gives, because nobody behind it needs a secret; the report masks once more what a line or a
sentence holds. Where in doubt a text is masked, but not where that would hide an ordinary sentence, a path or a name.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from mqtrace.kept import compiled

HIDDEN = "***"
# Of a secret that is hidden sign by sign, until all are; no text has it.
_IN_PLACE = "\ue0ff"
# Longer texts are rarely the same twice, and would make the memory of the cache large.
_LONGEST_REMEMBERED = 300

# Words for a password, also those of other languages; an exit's user data often holds one.
_PASSWORD = (
    r"passw(?:or[dt]|d)?|pass[ _\-]?(?:phrase|word)|passcode|kennwort|mot[ _]de[ _]passe|contrase(?:\u00f1|n\u0303)a"
    r"|senha"
    r"|wachtwoord|heslo|has\u0142o|salasana|l\u00f6senord|adgangskode|\u015fifre|jelsz\u00f3|\ube44\ubc00\ubc88\ud638"
    r"|\u043f\u0430\u0440\u043e\u043b\u044c|\u30d1\u30b9\u30ef\u30fc\u30c9|\u5bc6\u7801|\u5bc6\u78bc|\u53e3\u4ee4"
    r"|pswd|pwd|bindpw|(?<![a-z])pw(?![a-z])|(?<![a-z])pass(?![a-z])|(?:store|key)pass"
)
_STEMS = (
    rf"{_PASSWORD}|secret|cred(?:ential)?s?(?![a-z])|token(?!i[sz]|e?n?er)|(?<![a-z])pin(?![a-z])|jsessionid"
    r"|(?:api|access|account|private|auth|signing|encryption)[ _\-]?key|user_?data|(?:scy|send|rcv|msg)data"
)
_HARMLESS = (
    r"protection|file|path|ptr|pointer|offset|length|policy|encoding|encrypted|required|type|expir\w*|ccsid|version"
    r"|label|name|size|usage|null|java"
)
# Everything that repeats is bounded, so that a long run of anything costs no more than its length.
_BLANKS = r"\s{0,20}+"
_PREFIX = r"[\w.\-]{0,40}?"
_REST = r"(?:[\w.]|-(?!-?>)){0,40}+"
_TAIL = rf"(?![\w.\-]{{0,40}}?(?:{_HARMLESS})\\?[\"']?{_BLANKS}[=:(]){_REST}"
# PWD and OLDPWD of an environment are folders, and the first of them is where mqclient.ini is looked for.
_FOLDER = r"(?-i:(?:(?<![\w;,&.\-])|(?<=OLD))PWD=/)"
_KEY = rf"(?!{_FOLDER})(?:{_STEMS}){_TAIL}"
_EMPTY = r"(?!\\{0,3}[\"']?[(<]?(?:null|none|nothing|not[ _-]set|\*{3,}|\.{3})(?:[\s,;:&)}\]>\"'\\<@]|$))"
_CLOSED = r"(?:[\s,;:)}\]>]|[/?]>|$)"
_DOUBLE = rf"\"(?>(?:\\.|(?!\"{_CLOSED}).)*)"
_SINGLE = rf"'(?>(?:\\.|(?!'{_CLOSED}).)*)"
_ESCAPED = r"(?P<escape>\\{1,8}+[\"'])(?>(?:(?!(?P=escape)).)*)"
_QUOTED = rf"(?!(?:\\?\"\\?\"|''){_CLOSED}){_EMPTY}(?:{_ESCAPED}|{_DOUBLE}|{_SINGLE})"
# Passwords contain commas, semicolons and ampersands: one ends a value only where a key, a blank or the end follows.
_NEXT_KEY = rf"[,;&]{_BLANKS}\\?[\"']?[\w.\-]{{1,60}}\\?[\"']?{_BLANKS}[=:]"
_END = rf"[)}}\]>\"']{{0,8}}(?:{_NEXT_KEY}|[,;]?(?:\s|$))|</"
_BARE = rf"{_EMPTY}(?:(?!{_END})[^ \t\r\n])+"
_ARROW = r"(?:[=\-]{1,2}>|\u2192|\u21d2)"
_EQUALS = rf"(?:{_ARROW}|:?=(?!>))"
# Of a stack frame: the class of a method may be named after a password.
_SOURCE_LINE = r"(?:\w{1,80}\.(?:java|kt|scala|groovy)(?::\d{1,6})?|Native Method|Unknown Source)"
# What a trace names in the place of an argument.
_TYPE = r"(?-i:(?:String|int|long|short|char|byte|boolean|Object|Properties|HashMap)(?:\[\])?)"
_ASSIGN = rf"\\?[\"']?{_BLANKS}(?:{_ARROW}|:=|[=:\uff1a]){_BLANKS}"
_OTHER_ATTRIBUTES = r"(?:[\w:]{1,30}=[\"'][^\"'>]{0,80}[\"']\s{1,9}){0,3}"
_VALUE_ATTRIBUTE = rf"[\"']?{_BLANKS}(?:,{_BLANKS})?{_OTHER_ATTRIBUTES}[\"']?value\\?[\"']?{_BLANKS}[=:]{_BLANKS}"
# A trace of the C client writes a variable as `xcsGetEnvironmentString[NAME] = value`; the value, blanks in it too,
# ends with the line.
_BRACKETED = (
    rf"[\[({{][\"']?(?!(?-i:(?:OLD)?PWD)[\"']?[\])}}]{_BLANKS}={_BLANKS}/){_PREFIX}(?:{_STEMS})"
    rf"(?![\w.\-]{{0,40}}?(?:{_HARMLESS})[\"']?[\])}}])[\w.\-]{{0,40}}+[\"']?[\])}}]{_BLANKS}"
)
_VARIABLE = r"(?-i:(?!OLDPWD=/)[A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|PASSPHRASE|[A-Z0-9_]PWD|SECRET|TOKEN))"
# What follows "password is" or "password:" in a sentence that tells no password.
_SENTENCE = (
    r"(?:an?|the|no|not|now|only|also|still|too|very|in|on|at|of|for|from|by|to|as|and|or|but|if|it|this|that|what|run"
    r"|use[ds]?|see|set|type|enter|check|ask|try|must|may|can\w{0,3}|should|will|was|were|is|are|has|have|had|been"
    r"|being"
    r"|please|contact|reset|wrong|bad|good|valid|invalid|correct|incorrect|right|missing|empty|blank|needed|required"
    r"|mandatory|optional|given|sent|supplied|provided|specified|configured|entered|typed|stored|hidden|masked"
    r"|encrypted|expired"
    r"|expiring|locked|known|unknown|unset|changed|rejected|accepted|refused|checked|verified|case|longer|shorter"
    r"|older|weak|different|same"
    r"|fail\w{0,3}|error|authentication|protected)"
)
# Signs of a password that is no ordinary word: a digit or a sign within, or a capital behind a small letter.
_UNUSUAL = r"(?=\S{0,40}?(?:\d|[!#$%&*+?@^~|\\]|(?-i:[a-z][A-Z])|[._=/:;,\-]\w))"
# Those of one that no program writes by chance: eight or more, letters and digits.
_MADE_UP = r"(?=[^\s.:/\\]{8})(?=\S{0,40}?[a-z])(?=\S{0,40}?\d)"
# Behind a value with blanks in it the line may go on; these words are not of the value.
_GOES_ON = rf"(?:{_SENTENCE}|with|because|while|when|error|reason|user|host|channel|queue|rc|mq\w*|amq\w*|csq\w*|\d+)"
_CODED_QUOTE = r"(?:%22|&quot;|&#(?:34|39);|\\u0022)"
_MORE_WORDS = (
    rf"(?:[ \t]{{1,3}}(?!{_GOES_ON}(?![\w]))(?![^\s=:]{{1,60}}[=:(])(?!-)[^\s\"'<>()\[\]{{}},;]{{1,60}}){{1,8}}"
)

_LOGIN_WORDS = ("login", "logon", "logged", "sqlplus", "credential")

# Each form with the signs, in small letters, of which a text of that form holds one. What stands in group `keep` stays,
# the rest of the match is hidden. None of these is the form of a sentence.
_FORMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("authori",),
        rf"(?P<keep>\bauthorization\\?[\"']?{_BLANKS}[=:]{_BLANKS}[\"']?(?>"
        rf"(?:\w{{1,20}}\s{{1,9}})?)){_EMPTY}[^\s\"',;]+",
    ),
    (("bearer", "basic"), rf"(?P<keep>\b(?:bearer|basic)\s{{1,9}})(?!auth){_EMPTY}[A-Za-z0-9+/_\-.~]{{8,}}=*"),
    (("eyj",), r"(?P<keep>)\beyJ[A-Za-z0-9_\-]{5,}(?:\.[A-Za-z0-9_\-]*){0,4}"),
    (
        ("@",),
        rf"(?P<keep>[a-z][a-z0-9+.\-]{{1,20}}://[^\s:/@]{{0,80}}:)(?!\d{{1,5}}[/?#]){_EMPTY}[^\s\"'<>]{{1,200}}(?=@)",
    ),
    (
        ("@",),
        rf"(?P<keep>(?:(?<![\w/.:\-])|(?<=/TCP/))[\w.\-]{{1,64}}:)(?!/)(?![\w.$]{{1,200}}@[0-9a-f]{{1,8}}\b)"
        rf"{_EMPTY}[^\s:/\\()]{{1,200}}(?=@[\w\[])",
    ),
    (
        ("-u",),
        rf"(?P<keep>(?<!\S)[\"']?(?:-u[\"']?,?{_BLANKS}|--(?:proxy-)?user[\"']?[=,\s]{{1,9}}+)(?!\d{{1,9}}:\d)"
        rf"(?![a-z]:\\|\w{{1,20}}://)"
        rf"(?:(?P<quote>[\"'])[^:\"'\n]{{1,80}}:(?=[^\n]*(?P=quote))|[^\s:\"',]{{1,80}}:))(?!\*{{3}})"
        rf"(?(quote)(?:(?!(?P=quote)).)+|[^\s\"']+)",
    ),
    (
        (" -u ",),
        r"(?P<keep>(?<!\S)-u\s{1,9}[\w.\-]{1,64}\s{1,9})(?![\-*])(?!(?-i:[A-Z0-9._%/]{1,48})(?:\s"
        r"|$))[^\s/\\:=()]{1,80}(?=\s|$)",
    ),
    (
        ("@",),
        r"(?P<keep>(?<![\w/.\\@\-])[\w.\-]{1,64}/)(?=[^\s/@]{0,40}?[\d!#$%&*+^~])[^\s/:()@?=]{4,80}(?=@[\w\[])",
    ),
    (
        _LOGIN_WORDS,
        rf"(?P<keep>\b(?:log(?:in|on|ged[ ](?:in|on)(?:[ ]as)?)|sqlplus|credentials?):?\s{{1,3}}"
        rf"(?:-\w{{1,9}}\s{{1,3}})?[\w.\-]{{1,64}}/)(?!\*{{3}})(?={_UNUSUAL})[^\s/()]{{4,80}}(?![^\s]*/)",
    ),
    (("pkcs11",), r"(?P<keep>GSK_PKCS11=[^;]{0,300}+;[^;]{0,300}+;)(?!\*{3})[^;\s][^;]*"),
    (
        ("connect(", "createcon", "connection("),
        r"(?P<keep>\b(?:create\w{0,20}(?:Connection|Context)\(|connect\((?:[^,\"'()]{0,80}[\"'][^\"']{0,250}[\"'],){3})"
        r"[^,\"'()]{0,20}[\"'][^\"']{0,80}[\"'],\s{0,9}b?)(?![\"']\*{3})[\"'][^\"']{1,200}",
    ),
    (
        ("identified",),
        rf"(?P<keep>identified\s{{1,9}}by\s{{1,9}}){_EMPTY}(?:{_QUOTED}|(?![\"'])(?={_UNUSUAL})\S+)",
    ),
    (("ldap",), rf"(?P<keep>\bldap\w{{1,20}}\s[^\n]{{0,200}}?(?<=\s)-w\s{{1,9}}){_EMPTY}[^\s\"']+"),
    (("sshpass",), rf"(?P<keep>\bsshpass\s{{1,9}}-p\s{{0,9}}){_EMPTY}\S+"),
    (("sig=",), rf"(?P<keep>[?&;]sig=){_EMPTY}[^&\s\"'<>;]+"),
    (("private key",), r"(?P<keep>-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----)(?!\s?\*{3})(?>(?:(?!-----END)[\s\S])+)"),
)
_SIGNS = ("=", ":", ">", "\uff1a", "\u2192", "\u21d2")
# As above, for texts that hold the name of a secret.
_KEY_FORMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("=",),
        rf"(?P<keep>(?m:^)[ \t]{{0,20}}(?:export |set )?{_VARIABLE}[ \t]{{0,20}}=)(?!\s{{0,20}}[\"']){_EMPTY}[^\r\n]+",
    ),
    (
        ("set",),
        rf"(?P<keep>\bset\w{{0,30}}?(?:{_STEMS})\([^)\n]{{0,200}}\)(?:\s{{1,9}}setter\b)?+){_BLANKS}(?!\[?\*)"
        rf"{_EMPTY}\S[^\r\n]*",
    ),
    (
        ("<",),
        rf"(?P<keep><(?:\w{{1,30}}:)?{_PREFIX}{_KEY}(?:\s[^>]{{0,200}})?(?<!/)>){_EMPTY}(?:(?!</).)+",
    ),
    (
        ("value",),
        rf"(?P<keep><(?:\w{{1,30}}:)?{_PREFIX}{_KEY}\s{{1,9}}{_OTHER_ATTRIBUTES}value{_BLANKS}={_BLANKS}){_QUOTED}",
    ),
    (
        ("value",),
        rf"(?P<keep>[\"']{_PREFIX}{_KEY}{_VALUE_ATTRIBUTE}){_QUOTED}",
    ),
    (
        ("value",),
        rf"(?P<keep>[\"']?\bvalue[\"']?{_BLANKS}[=:]{_BLANKS})(?![\"']\*{{3}})[\"'][^\"']{{1,200}}"
        rf"(?=[\"'][\s,]{{1,9}}[\"']?(?:name|key|id)[\"']?{_BLANKS}[=:]{_BLANKS}[\"']{_PREFIX}{_KEY}[\"'])",
    ),
    (
        (">",),
        rf"(?P<keep>[\"']{_PREFIX}{_KEY}[\"']{_BLANKS}>){_EMPTY}(?:(?!</).)+",
    ),
    (
        ("[", "("),
        rf"(?P<keep>[\[(]{_BLANKS}[\"']?{_PREFIX}{_KEY}[\"']?{_BLANKS},{_BLANKS}){_QUOTED}",
    ),
    (
        ("-",),
        rf"(?P<keep>(?<![^\s\"'\[,])--?{_PREFIX}(?:{_KEY}|pass\w{{0,40}}|pw)[\"']?(?:\s{{1,20}}+|,{_BLANKS}))(?!-"
        rf"|{_SENTENCE}(?!\w))"
        rf"(?:{_QUOTED}|(?![\"']){_EMPTY}[^\s,\]]+)",
    ),
    (
        ("=", ">"),
        rf"(?P<keep>{_BRACKETED}(?:->|{_EQUALS}){_BLANKS})(?:{_QUOTED}|(?![\"']){_EMPTY}\S[^\r\n]*)",
    ),
    (
        _SIGNS,
        rf"(?P<keep>{_KEY}{_ASSIGN}){_QUOTED}",
    ),
    (
        ("(",),
        rf"(?P<keep>{_KEY}(?:{_BLANKS}\((?=')|\((?!(?:{_SOURCE_LINE}|{_TYPE})\)){_BLANKS}))"
        rf"(?:{_QUOTED}|(?!'){_EMPTY}[^)\s][^)]*)",
    ),
    (
        ("=", ">", "\u2192", "\u21d2"),
        rf"(?P<keep>{_KEY}(?:[\[(][^\[\]()]{{1,40}}[\])])?\\?[\"']?{_BLANKS}{_EQUALS}{_BLANKS})(?![\"'\\]){_BARE}",
    ),
    (
        ("%3", "&#", "&quot;", "\\u00"),
        rf"(?P<keep>{_KEY}{_CODED_QUOTE}?(?:%20)?(?:%3[AD]|&#(?:58|61|x3[ad]);|\\u003[ad]|(?<=;)[:=])(?:%20"
        rf"|{_CODED_QUOTE}){{0,4}})"
        rf"{_EMPTY}(?:(?!%22|%26|%2C|%7D|\\u00|\\[\"'])[^\s&\"'<>])+",
    ),
    (
        (":-",),
        rf"(?P<keep>{_KEY}\s{{0,80}}+:-\s{{1,20}}){_EMPTY}\S[^\r\n]*",
    ),
    (
        ("|", "~"),
        rf"(?P<keep>{_KEY}{_BLANKS}[|~]{_BLANKS})(?={_UNUSUAL}){_EMPTY}(?!\|)[^\s|]+",
    ),
    (
        ("=",),
        rf"(?P<keep>(?<![\w.\-?&;/])[\w.]{{0,40}}?"
        rf"(?:{_STEMS})[\w.]{{0,40}}+{_BLANKS}{_EQUALS}{_BLANKS})(?:\*{{3}}|{_IN_PLACE}{{1,80}}){_MORE_WORDS}",
    ),
    (
        ("token",),
        rf"(?P<keep>(?<![\w/\\.])(?:token|secret)\s{{1,3}})(?!0x){_EMPTY}(?={_MADE_UP})[^\s\"'<>(){{}},;]+",
    ),
    (
        ("'", '"'),
        rf"(?P<keep>(?:{_PASSWORD}|user_?data)\w{{0,20}}+\s{{1,3}}){_QUOTED}",
    ),
    (
        ("",),
        rf"(?P<keep>(?:{_PASSWORD})\s{{1,3}}(?:(?:for|of)\s{{1,3}}(?:user\s{{1,3}})?\S{{1,60}}\s{{1,3}})?"
        rf"(?:(?:given|supplied|entered|used|typed)\s{{1,3}})?(?:is|was|ist|lautet|est|es|\u00e9):?\s{{1,3}})"
        rf"(?!{_SENTENCE}(?!\w)){_EMPTY}(?:{_QUOTED}|(?![\"'])\S+)",
    ),
    (
        ("\u306f", "\u662f", "\u4e3a", "\u70ba"),
        rf"(?P<keep>(?:{_PASSWORD})[\u306f\u662f\u4e3a\u70ba]{_BLANKS})(?={_UNUSUAL}){_EMPTY}\S+",
    ),
    (
        ("",),
        rf"(?P<keep>(?<!\w)(?:secret|token|pin|api[ _\-]?key)\s{{1,3}}(?:is|was)\s{{1,3}}|(?:{_PASSWORD})\s{{1,3}}"
        rf"(?:to|from)\s{{1,3}})"
        rf"(?={_UNUSUAL}){_EMPTY}(?![/\\(\"'=:\-]|\w{{1,20}}[=:(])\S+",
    ),
    (
        ("",),
        rf"(?P<keep>(?<![\w/\\.])(?:passphrase\s{{1,3}}(?!{_SENTENCE}(?!\w))|(?:{_PASSWORD})\s{{1,3}}"
        rf"(?={_UNUSUAL}))){_EMPTY}(?![/\\(\"'=:|~\-\u2192]|\w{{1,20}}[=:(]|\S{{1,60}}://)"
        rf"(?!(?:mq|amq|csq)\w*)\S+",
    ),
)
# `password: value` without quotes: also the form of a sentence ("to set the password: run ...").
_NO_PATH = r"(?:(?<!\S/)|(?<=user/)|(?<=userid/)|(?<=username/))"
_COLON_FORM = (
    (":", "\uff1a"),
    rf"(?P<keep>(?:{_NO_PATH}{_KEY}(?:[\[(][^\[\]()]{{1,40}}[\])]|\s{{1,3}}\((?!\d)[^()]{{1,40}}\))?(?:\s{{1,3}}"
    rf"(?:for|of)\s{{1,3}}(?:user\s{{1,3}})?[^\s:]{{1,60}})?\\?[\"']?{_BLANKS}|{_BRACKETED})"
    rf"[:\uff1a]{_BLANKS})(?![\"'\\=]|-\s)(?!{_SENTENCE}\s{{1,3}}\w){_BARE}",
)
_NAME_AT_END = rf"(?:{_KEY}\\?[\"']?{_BLANKS}[=:]|<(?:\w{{1,30}}:)?{_PREFIX}{_KEY}>){_BLANKS}[\\>|]?\s{{0,9}}$"
# A line of a private key that a log wrote line by line.
_ENCODED_LINE = (
    r"(?P<keep>^\s{0,20})(?-i:(?=\S{0,60}\d)(?=\S{0,60}[a-z])(?=\S{0,60}[A-Z]))[A-Za-z0-9+/]{48,80}={0,2}(?=\s{0,9}$)"
)
_ENCODED_LINE_LENGTHS = range(48, 104)

# What may begin the rarer names of secrets.
_RARE_WORDS = ("kennw", "senha", "wachtw", "heslo", "salasana", "gangskode", "sessionid", "pswd", "identified")


@cache
def _compiled(form: str) -> re.Pattern[str]:
    """Compiled when first needed: all forms together take longer than most runs."""
    return compiled(form, re.IGNORECASE)


@cache
def _secret_name() -> re.Pattern[str]:
    return compiled(rf"(?!(?-i:(?<!\w)(?:OLD)?PWD$))(?:{_STEMS})(?![\w.\-]{{0,80}}(?:{_HARMLESS})$)", re.IGNORECASE)


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(r"\\{0,8}[\"']")


def _may_hold_key(low: str) -> bool:
    """Whether a text in small letters may hold the name of a secret.

    Single look-ups, because every text of every log passes here.
    """
    common = "pass" in low or "pw" in low or "secret" in low or "token" in low or "ey" in low or "data" in low
    return common or "cred" in low or "pin" in low or not low.isascii() or any(word in low for word in _RARE_WORDS)


def _may_hold_form(low: str) -> bool:
    """Whether a text in small letters may hold a secret that needs no name.

    Looks for single characters first, which is quick.
    """
    marked = "@" in low or ("-" in low and "-u" in low) or ("=" in low and ("sig=" in low or "pkcs11=" in low))
    called = (
        "sshpass" in low or "identified" in low or ("ldap" in low and "-w" in low) or ("connect" in low and "(" in low)
    )
    called = called or ("/" in low and any(word in low for word in _LOGIN_WORDS))
    return marked or called or "ey" in low or "bearer" in low or "basic" in low or "authori" in low


def _hide(match: re.Match[str]) -> str:
    quote = _opening().match(match.string, match.end("keep"), match.end())
    return f"{match['keep']}{quote[0] if quote else ''}{HIDDEN}"


def _masked(text: str, *, is_sentence: bool, hide: Callable[[re.Match[str]], str] = _hide) -> str:
    low = text.lower()
    forms: tuple[tuple[tuple[str, ...], str], ...] = _FORMS if _may_hold_form(low) else ()
    if _may_hold_key(low) and _compiled(_STEMS).search(text):
        forms = (*forms, *_KEY_FORMS) if is_sentence else (*forms, *_KEY_FORMS, _COLON_FORM)
    for signs, form in forms:
        if any(sign in low for sign in signs):
            text = _compiled(form).sub(hide, text)
    if len(text) in _ENCODED_LINE_LENGTHS and " " not in text.strip():
        text = _compiled(_ENCODED_LINE).sub(hide, text)
    return text


@lru_cache(maxsize=8192)
def _remembered(text: str) -> str:
    """Most lines, names and values of a log come again and again."""
    return _masked(text, is_sentence=False)


def mask(text: str) -> str:
    """`text` with each secret in it replaced by "***", whatever its length.

    Known are the name of a secret (in several languages) with its value behind a sign, in brackets, in quotes, in a
    list, in JSON, XML, MQSC, a command line, an environment, a URL or the words "password is"; user:password@host,
    PKCS#11 tokens, bearer tokens, JWTs, signatures of a URL, and private keys. A word that is no name
    ("/ssl/password/key.kdb") hides nothing.
    """
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _masked(text, is_sentence=False)


def secrets_in(text: str) -> tuple[str, ...]:
    """The secrets that `mask` hides in `text`, without quotes, so that they can be hidden wherever else they stand."""
    secrets: list[str] = []

    def kept(match: re.Match[str]) -> str:
        shown = _hide(match)
        secrets.append(match.string[match.start() + len(shown) - len(HIDDEN) : match.end()])
        return shown

    _masked(text, is_sentence=False, hide=kept)
    return tuple(filter(None, secrets))


def ends_in_name(line: str) -> bool:
    """Whether a line ends with the name of a secret and a sign, so that the value stands in the next one."""
    low = line.lower()
    return _may_hold_key(low) and _compiled(_NAME_AT_END).search(line) is not None


def mask_in_place(text: str) -> str:
    """As `mask`, by as many signs as a secret has, so that the places of a text stay."""

    def starred(match: re.Match[str]) -> str:
        shown = _hide(match)[: -len(HIDDEN)]
        return shown + _IN_PLACE * (match.end() - match.start() - len(shown))

    return _masked(text, is_sentence=False, hide=starred).replace(_IN_PLACE, "*")


def mask_sentence(text: str) -> str:
    """As `mask`, for a sentence of mqtrace itself: "to set the password: run ..." holds none."""
    return _masked(text, is_sentence=True)


@lru_cache(maxsize=512)
def is_secret(name: str) -> bool:
    """Whether a setting, field, attribute or variable of that name holds a secret."""
    return _compiled(_STEMS).search(name) is not None and _secret_name().search(name) is not None


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

    Not printable are control characters (C0, C1), bidirectional overrides, zero-width characters, separators of
    lines and paragraphs, lone surrogates and all blanks but the plain one.
    """
    return text if text.isprintable() else "".join(map(_visible, text))
