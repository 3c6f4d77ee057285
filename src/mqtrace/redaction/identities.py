"""Whom the inputs name, the pseudonym of each, and their places in a text.

What is hidden was learned first: from values whose name tells what they are, and from the forms of
patterns/identities.toml in lines. Then it is hidden wherever it stands, as a whole word and without regard to case.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property, partial
from itertools import zip_longest
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.catalog.identities import Holds, Kind, fields_named, identity_forms
from mqtrace.decode.addresses import is_number
from mqtrace.decode.distinguished_name import parse_distinguished_name
from mqtrace.masking import secrets_in
from mqtrace.model import MqtraceError

# A shorter one is hidden only where a field or a form says that it is one: "a" stands in every sentence.
SHORTEST_WORD = 3
# A shorter one is hidden in its place alone: it may be an ordinary word.
SHORTEST_SECRET = 6
# Of an octet with so many digits: the least, and how many there are.
_OCTETS = {1: (0, 10), 2: (10, 90), 3: (100, 156)}
_PSEUDONYM = re.compile(r"[a-z]+-\d+")
# Signs of a secret that is no word, number or type of a program: it is hidden wherever else it stands.
_UNUSUAL = re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])\S+|\S*[!#$%&*+?@^~]\S*|\S*[a-z][A-Z]\S*")
_PLACEHOLDER = re.compile(r"\W*(?:null|none|length[:=]\d{1,6}|\*+|[xX]+)\W*", re.IGNORECASE)
_LEAST_SIGNS = 5
_LONGEST_OF_ZERO, _LONGEST_ADDRESS = len("0.255.255.255"), len("255.255.255.255")
_ENCODINGS = {"plain": "utf-8", "wide": "utf-16-le", "wide_big": "utf-16-be"}
_EBCDIC = {"host": "cp500", "host_us": "cp037"}
# A line with signs of a URL written as their numbers.
_URL_CODED = re.compile(r"[^\n]*%[0-9A-Fa-f]{2}[^\n]*")
# A name also begins behind such a sign, and behind the end of a line within a string ("\nmq1").
_BEGIN = r"(?:(?<![^\W_])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
_PATH_WORD = re.compile(r"(?P<pseudonym>\b(?:host|ip|user|name|object|domain|secret|part)-\d+\b)|\d*[^\W\d_][^\W_]*")
# Words that were marked, those beside one another together.
_ODD_WORDS = re.compile(r"\0[^\0]+\0(?:[-_ ]\0[^\0]+\0)*")
_NUMBERED = re.compile(r"\d+$")
# Letters and digits, and no path or name of a file.
_PASSWORD_FORM = r"(?=\S{0,40}?[a-z])(?=\S{0,40}?\d)[^\s/\\:()\"'<>,;.]{6,80}(?![\w/\\(.])"
_UNICODE_CODED = re.compile(r"\\u00([0-9A-Fa-f]{2})")
# What stands around a value and is not of it.
_AROUND = " \t\"'[].,;\x00"
_ADDRESSES = re.compile(r"\(\s*\d{1,5}\s*\)")
# What stands before the host in a connection string, and the host itself.
_ADDRESS = re.compile(r"\s*(?:[^\s,(/]+/[^\s,(/]+/)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s,;()/\[\]:]+(?!:?/))")


class Identity(Struct, frozen=True):
    """Somebody or something that is hidden.

    Attributes:
        kind: what it is.
        value: as it was met first.
        pseudonym: what stands in its place ("host-1").
    """

    kind: Kind
    value: str
    pseudonym: str


_NOWHERE = ".invalid"
_PASSWORD = Identity("secret", "", "secret-0")


class RedactionError(MqtraceError):
    """Something that was to be hidden is still there, so nothing is given."""


# What stands for an identity in so many characters.
_Write = Callable[[Identity, int], str]


class Identities:
    """All that is hidden in one report or one bundle.

    Args:
        objects: hide names of channels, queue managers and labels as well.
    """

    def __init__(self, *, objects: bool = False) -> None:
        self._objects = objects
        self._by_value: dict[str, Identity] = {}
        # As they were met: hidden is a name in any case, but "SERVER" is not named by every "server".
        self._spellings: set[str] = set()
        self._versions: set[str] = set()
        self._numbers: Counter[str] = Counter()
        # Names of inputs, and the words in them that are no words of MQ's own.
        self._inputs: set[str] = set()
        self._path_words: dict[str, Identity] = {}
        # Names of objects, where these are not hidden.
        self._open: set[str] = set()
        self._counts: Counter[str] = Counter()

    def learn(self, name: str, value: str) -> None:
        """Learns whom the value of that field, setting or fact names."""
        if name.casefold() in identity_forms().versions.names:
            # It may have been met before, in a line, where it looks like an address.
            self._versions.add(_folded(value))
            self._by_value.pop(_folded(value), None)
            self._forget_searches()
        for field in fields_named(name):
            for part in _parts(field.holds, value):
                self._add(field.kind, part)
        self.learn_line(value)

    def learn_secrets(self, text: str) -> None:
        """Learns the secrets of a text, which may stand elsewhere without a name beside them."""
        for secret in secrets_in(text):
            self._add_secret(secret)

    def learn_passwords(self, field: str) -> None:
        """Learns each word of a field that holds passwords."""
        for word in field.split():
            self._add_secret(word)

    def learn_line(self, line: str) -> None:
        """Learns whom a line names, by the forms of patterns/identities.toml."""
        for form in identity_forms().form:
            for found in form.pattern.finditer(line):
                self._add(form.kind, found["value"])
        coded = "\n".join(_URL_CODED.findall(line)) if "%" in line else ""
        if coded and unquote(coded) != coded:
            self.learn_line(unquote(coded))

    def learn_input(self, name: str) -> None:
        """Learns the name of an input, whose words may be those of a host, a user or a customer."""
        self.learn_line(name)
        self._inputs.add(name)
        self._forget_searches()

    def hidden(self, text: str) -> str:
        """The text with the pseudonym of each one in its place."""
        return self._replaced(self._without_input_names(text), _short)

    def hidden_path(self, path: str) -> str:
        """The name of an input: of its words only those stay that any name of a file has, and numbers."""
        return _ODD_WORDS.sub(self._as_path_words, _PATH_WORD.sub(self._marked_if_odd, self._replaced(path, _short)))

    def _marked_if_odd(self, found: re.Match[str]) -> str:
        word = _folded(found[0])
        is_known = found["pseudonym"] or word in self._open or _is_of_any_path(word)
        return found[0] if is_known else f"\0{found[0]}\0"

    def _as_path_words(self, found: re.Match[str]) -> str:
        words = found[0].replace("\0", "")
        folded = _folded(words)
        if folded not in self._path_words:
            self._path_words[folded] = Identity("path", words, self._next("part", folded))
        self._counts[folded] += 1
        return self._path_words[folded].pseudonym

    def hidden_value(self, name: str, value: str) -> str:
        """The same for the value of a field, setting or fact; as a whole it may be shorter than a word."""
        identity = self._by_value.get(_folded(value.strip(_AROUND)))
        if identity is None or not any(field.holds == "whole" for field in fields_named(name)):
            return self.hidden(value)
        self._counts[_folded(identity.value)] += 1
        return identity.pseudonym

    def hidden_in_file(self, text: str) -> str:
        """As `hidden`, by pseudonyms that are as long as what they stand for: the places of a line stay."""
        return self._replaced(self._without_input_names(text), _fitted)

    def hidden_in_place(self, text: str) -> str:
        """As `hidden_in_file`, at the length that the text has."""
        return self._replaced(text, _fitted)

    def _without_input_names(self, text: str) -> str:
        return self._input_names.sub(lambda name: self.hidden_path(name[0]), text) if self._input_names else text

    def hidden_bytes(self, content: bytes) -> bytes:
        """The same for the bytes of a dump, in which text is in ASCII, UTF-8 or UTF-16."""
        return self._bytes.sub(self._as_bytes, content) if self._bytes else content

    def check_bytes(self, content: bytes) -> None:
        """Raises RedactionError where the bytes of a dump still name one."""
        found = self._bytes.search(content) if self._bytes else None
        if found:
            raise _still_there(self._named(found[0].decode((_ENCODINGS | _EBCDIC)[str(found.lastgroup)])))

    def found_in(self, text: str) -> Iterator[Identity]:
        """Each one that a text still names."""
        if self._input_names and (name := self._input_names.search(text)) and self.hidden_path(name[0]) != name[0]:
            yield Identity("path", name[0], self.hidden_path(name[0]))
        if self._words:
            for spelling in dict.fromkeys(found[0] for found in self._words.finditer(text)):
                if _plain(spelling) in self._spellings and _folded(spelling) not in identity_forms().forms.words:
                    yield self._named(spelling)

    def all(self) -> tuple[tuple[Identity, int], ...]:
        """Each one that is hidden, and how often it was, in the order in which they were met."""
        everyone = (*self._by_value.items(), *self._path_words.items())
        return tuple((identity, self._counts[value]) for value, identity in everyone)

    def _add_secret(self, secret: str) -> None:
        if _spreads(secret.strip(_AROUND)):
            self._add("secret", secret)

    def _add(self, kind: Kind, value: str) -> None:
        value = value.strip(_AROUND)
        kind = "ip" if kind == "host" and is_number(value) else kind
        if not value or self._is_kept(kind, value):
            return
        self._spellings.add(value)
        if _folded(value) not in self._by_value:
            self._name(kind, value, kind)
        if kind == "user":
            self._add_parts_of_user(value)
        name, _, domain = value.partition(".")
        if kind == "host" and domain:
            self._add_domains(domain)
            if len(name) > SHORTEST_WORD:
                self._add("host", name)

    def _add_parts_of_user(self, value: str) -> None:
        r"""DOMAIN\user and user@domain: each of both tells as much where it stands alone."""
        domain, backslash, user = value.rpartition("\\")
        if not backslash:
            user, _, domain = value.partition("@")
        if domain and len(user) > SHORTEST_WORD:
            self._add("user", user)
        if len(domain) > SHORTEST_WORD:
            self._add("host", domain)

    def _add_domains(self, domain: str) -> None:
        """A domain and those above it, without the last: each tells as much as the host's whole name."""
        while "." in domain:
            self._spellings.add(domain)
            if _folded(domain) not in self._by_value:
                self._name("host", domain, "domain")
            domain = domain.partition(".")[2]

    def _name(self, kind: Kind, value: str, begin: str) -> None:
        """Gives it a pseudonym, and another one to whom had one that turns out to be a name itself ("host-2")."""
        folded = _folded(value)
        self._by_value[folded] = Identity(kind, value, self._next(begin, folded))
        self._forget_searches()
        if _PSEUDONYM.fullmatch(folded):
            for other, who in self._by_value.items():
                if who.pseudonym == folded:
                    begin = folded.rpartition("-")[0]
                    self._by_value[other] = replace(who, pseudonym=self._next(begin, folded))

    def _forget_searches(self) -> None:
        for search in ("_words", "_bytes", "_logins", "_input_names"):
            self.__dict__.pop(search, None)

    def _next(self, begin: str, value: str) -> str:
        """The next pseudonym that is nobody's name."""
        while True:
            self._numbers[begin] += 1
            pseudonym = f"{begin}-{self._numbers[begin]}"
            if pseudonym != value and pseudonym not in self._by_value:
                return pseudonym

    def _is_kept(self, kind: Kind, value: str) -> bool:
        folded = _folded(value)
        if kind == "object" and not self._objects:
            self._open.add(folded)
            return True
        keep = identity_forms().keep
        return folded in self._versions or folded in keep.get("host" if kind == "ip" else kind, ())

    def _replaced(self, text: str, write: _Write) -> str:
        if not self._by_value:
            return text
        if "/" in text:
            text = self._logins.sub(lambda login: f"{login['user']}/{write(_PASSWORD, len(login['password']))}", text)
        in_form, as_word = partial(self._in_form, write), partial(self._as_word, write)
        for form in identity_forms().form:
            text = form.pattern.sub(in_form, text)
        return self._words.sub(as_word, text) if self._words else text

    def _in_form(self, write: _Write, found: re.Match[str]) -> str:
        """A name that is not looked for as a word, where a form says what it is."""
        identity = self._by_value.get(_folded(found["value"]))
        if identity is None or _is_word_of_its_own(identity):
            return found[0]
        begin, end = (at - found.start() for at in found.span("value"))
        self._counts[_folded(found["value"])] += 1
        return found[0][:begin] + write(identity, end - begin) + found[0][end:]

    def _as_word(self, write: _Write, found: re.Match[str]) -> str:
        identity = self._named(found[0])
        self._counts[_folded(identity.value)] += 1
        return write(identity, len(found[0]))

    def _named(self, spelling: str) -> Identity:
        """Whom a word names, however its signs are written."""
        return self._by_value.get(_folded(spelling)) or self._by_value[_folded(_plain(spelling))]

    def _as_bytes(self, found: re.Match[bytes]) -> bytes:
        encoding = (_ENCODINGS | _EBCDIC)[str(found.lastgroup)]
        value = found[0].decode(encoding)
        identity = self._by_value[_folded(value)]
        self._counts[_folded(value)] += 1
        return _fitted(identity, len(found[0].decode("latin-1" if encoding == "utf-8" else encoding))).encode(encoding)

    def _long(self) -> list[str]:
        """What is looked for as a word, the longest first."""
        long = (value for value, identity in self._by_value.items() if _is_word_of_its_own(identity))
        return sorted(long, key=len, reverse=True)

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        long = [tuple(map(_in_any_writing, value)) for value in self._long()]
        return re.compile(rf"{_BEGIN}{_any_of(long)}(?![^\W_])", re.IGNORECASE) if long else None

    @cached_property
    def _logins(self) -> re.Pattern[str]:
        """A user, "/" and what looks like a password: only who is known tells such a pair from a path."""
        known = (value for value, who in self._by_value.items() if who.kind == "user" and len(value) >= SHORTEST_WORD)
        users = "|".join(map(re.escape, (*known, *identity_forms().keep["user"])))
        return re.compile(rf"(?<![\w/\\.\-])(?P<user>{users})/(?P<password>{_PASSWORD_FORM})", re.IGNORECASE)

    @cached_property
    def _input_names(self) -> re.Pattern[str] | None:
        names = {part for name in self._inputs for part in (name, re.split(r"[/\\!]", name)[-1])}
        odd = sorted((name for name in names if self.hidden_path(name) != name), key=len, reverse=True)
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, odd))})(?![^\W_])") if odd else None

    @cached_property
    def _bytes(self) -> re.Pattern[bytes] | None:
        long = self._long()
        if not long:
            return None
        groups = [
            f"(?P<{name}>{_any_of([_signs(value.encode(encoding)) for value in long])})"
            for name, encoding in _ENCODINGS.items()
        ]
        # Of EBCDIC both cases of a letter are told, as its letters are no letters of ASCII.
        groups += [
            f"(?-i:(?P<{name}>{_any_of([_signs_in_any_case(value, encoding) for value in long])}))"
            for name, encoding in _EBCDIC.items()
        ]
        return re.compile("|".join(groups).encode("latin-1"), re.IGNORECASE)


def _any_of(words: Sequence[tuple[str, ...]]) -> str:
    """A regex of any of the words, which are made of regexes: what they begin with stands once, so that a search costs
    no more for many of them. The longest one is found.
    """
    shortest = min(map(len, words))
    same = next((at for at in range(shortest) if len({word[at] for word in words}) > 1), shortest)
    behind: dict[str, list[tuple[str, ...]]] = {}
    for word in words:
        if len(word) > same:
            behind.setdefault(word[same], []).append(word[same:])
    begin = "".join(words[0][:same])
    ends = "|".join(map(_any_of, behind.values()))
    if not ends:
        return begin
    return f"{begin}(?:{ends}){'?' if same == shortest else ''}"


def _in_any_writing(sign: str) -> str:
    """A regex of a letter, or of a sign that may be written as in a URL or in JSON."""
    if sign.isalnum() or ord(sign) > 0x7F:
        return re.escape(sign)
    return rf"(?:{re.escape(sign)}|%(?:25)?{ord(sign):02X}|\\u00{ord(sign):02X})"


def _signs_in_any_case(value: str, encoding: str) -> tuple[str, ...]:
    lower, upper = (_signs(case.encode(encoding, "replace")) for case in (value, value.upper()))
    return tuple(f"[{a}{b}]" if a != b else a for a, b in zip_longest(lower, upper, fillvalue=""))


def _signs(content: bytes) -> tuple[str, ...]:
    return tuple(re.escape(chr(byte)) for byte in content)


def _plain(spelling: str) -> str:
    """A word without what a URL or JSON did to its signs."""
    return _UNICODE_CODED.sub(lambda sign: chr(int(sign[1], 16)), unquote(unquote(spelling)))


def checked(text: str, identities: Identities) -> str:
    """The text, when it names nobody who is hidden. Raises RedactionError where it still names one that is hidden."""
    found = next(iter(identities.found_in(text)), None)
    if found is None:
        return text
    raise _still_there(found)


def _still_there(found: Identity) -> RedactionError:
    return RedactionError(
        f"What was redacted still holds the {found.kind} that {found.pseudonym} stands for, so it is not given. "
        "Please report this; the originals are as they were."
    )


def _is_word_of_its_own(identity: Identity) -> bool:
    """Whether it is hidden wherever it stands: a secret is, and a name that is neither short nor ordinary."""
    folded = _folded(identity.value)
    return len(folded) >= SHORTEST_WORD and (identity.kind == "secret" or folded not in _ordinary())


def _spreads(secret: str) -> bool:
    """Whether a secret is looked for elsewhere than behind its name: not where a program could write it by chance."""
    is_long = len(secret) >= SHORTEST_SECRET and len(set(secret)) >= _LEAST_SIGNS
    return is_long and any(_UNUSUAL.fullmatch(word) and not _PLACEHOLDER.fullmatch(word) for word in secret.split())


def _is_of_any_path(word: str) -> bool:
    paths = identity_forms().paths
    return word in paths.words or word in _ordinary() or _NUMBERED.sub("", word) in paths.numbered


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(identity_forms().ordinary.words)


def _short(identity: Identity, _: int) -> str:
    return identity.pseudonym


def _fitted(identity: Identity, length: int) -> str:
    """The pseudonym in exactly `length` characters; an address stays one, so that whatever reads it still does."""
    number = int(identity.pseudonym.rpartition("-")[2])
    if identity.kind == "secret":
        return "*" * length
    if identity.kind == "ip" and "." in identity.value:
        return _address_of_length(number, min(length, _LONGEST_ADDRESS)).ljust(length, "-")
    # That no host is in this domain (RFC 2606) decides what a client does.
    ending = _NOWHERE if identity.value.casefold().endswith(_NOWHERE) else ""
    if len(identity.pseudonym) + len(ending) <= length:
        return identity.pseudonym.ljust(length - len(ending), "-") + ending
    return f"{identity.kind[0]}{number}"[-length:].rjust(length, "x")


def _address_of_length(number: int, length: int) -> str:
    """An IP number of this network (0.0.0.0/8) or of those for future use (240.0.0.0/4): no host has one."""
    first = "0" if length <= _LONGEST_OF_ZERO else "240"
    digits = length - len(first) - 3
    widths = [digits // 3 + (place < digits % 3) for place in range(3)]
    octets = []
    for width in reversed(widths):
        least, size = _OCTETS[width]
        octets.append(str(least + number % size))
        number //= size
    return ".".join((first, *reversed(octets)))


def _parts(holds: Holds, value: str) -> Iterator[str]:
    if holds == "addresses" or (holds == "whole" and _ADDRESSES.search(value)):
        yield from (found["host"] for part in value.split(",") if (found := _ADDRESS.match(part)))
    elif holds == "name":
        # The country tells nobody.
        yield from (attribute.value for attribute in parse_distinguished_name(value) if attribute.type != "C")
    else:
        yield value


def _folded(value: str) -> str:
    # The two letters that a search without regard to case takes for an i, and that fold to something else.
    return value.replace("\u0130", "i").replace("\u0131", "i").casefold()
