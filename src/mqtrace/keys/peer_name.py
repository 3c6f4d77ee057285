"""Whether a certificate's name matches SSLPEER, attribute by attribute, as MQ compares them; and whether it names a
host (RFC 6125), as clients of mqweb and REST check it.

The rules are those of the IBM MQ documentation (rules for SSLPEER values, q010290_; distinguished names, q009860_):
case does not count, `*` stands for anything at the begin or the end of a value only, several OU or DC must all be
there, the highest unit first (which is the order inside the certificate), and no other attribute that the pattern names
may be there twice.
"""

from collections.abc import Sequence
from ipaddress import ip_address

from msgspec import Struct

from mqtrace.decode.distinguished_name import parse_distinguished_name
from mqtrace.kept import compiled
from mqtrace.model.text import Named, Text, joined, text

LONGEST = 1024
# The types that SSLPEER knows, and the names that certificates' attributes have here.
_NAMES = "SERIALNUMBER MAIL UID CN T OU DC O STREET L ST PC C UNSTRUCTUREDNAME UNSTRUCTUREDADDRESS DNQ".split()
_TYPES = {name: name for name in _NAMES} | {"E": "MAIL", "USERID": "UID", "SP": "ST", "S": "ST"}
_SEVERAL = frozenset({"OU", "DC"})
_PART = compiled(r'\s*((?:"[^"]*"|[^,;"])*)(?:[,;]|$)')


class PeerAttribute(Struct, frozen=True):
    """One attribute that the pattern demands.

    Attributes:
        type: "CN", "OU" ..., as the pattern writes it.
        pattern: the value demanded, without quotation marks.
        values: what the certificate has of that attribute, in the order that SSLPEER demands.
        matches: whether that is enough.
        why: one sentence.
    """

    type: str
    pattern: str
    values: tuple[str, ...]
    matches: bool
    why: str


class PeerNameMatch(Struct, frozen=True):
    """Whether a name matches; `malformed` says what is wrong with the pattern itself, "" when nothing is."""

    attributes: tuple[PeerAttribute, ...]
    malformed: str = ""

    @property
    def matches(self) -> bool:
        """Whether every attribute matches."""
        return not self.malformed and all(each.matches for each in self.attributes)


def match_peer_name(pattern: str, subject: str, serial: str = "") -> PeerNameMatch:
    """Compares the pattern with a subject as RFC 4514 writes it, and with the certificate's serial number (in hex)."""
    pairs, malformed = _pairs(pattern)
    if malformed:
        return PeerNameMatch((), malformed)
    held = _held(subject, serial)
    results = []
    taken: dict[str, int] = {}
    for type, value in pairs:
        kind = _TYPES[type]
        found = held.get(kind, ())
        at = _place(value, found, taken.get(kind, 0))
        results.append(PeerAttribute(type, value, found, _is_match(kind, found, at), _why(type, value, found, at)))
        taken[kind] = at + 1 if at is not None else taken.get(kind, 0)
    return PeerNameMatch(tuple(results))


def _held(subject: str, serial: str) -> dict[str, tuple[str, ...]]:
    """The values by type, the highest unit first. SERIALNUMBER is the certificate's own number, as MQ shows it."""
    held: dict[str, tuple[str, ...]] = {}
    for each in reversed(parse_distinguished_name(subject, ",+")):
        kind = _TYPES.get(each.type, each.type)
        if kind != "SERIALNUMBER":
            held[kind] = (*held.get(kind, ()), each.value)
    if serial:
        digits = serial.zfill(len(serial) + len(serial) % 2).upper()
        held["SERIALNUMBER"] = (":".join(digits[at : at + 2] for at in range(0, len(digits), 2)),)
    return held


def _is_match(kind: str, found: Sequence[str], place: int | None) -> bool:
    return place is not None and (kind in _SEVERAL or len(found) == 1)


def _place(pattern: str, values: Sequence[str], start: int) -> int | None:
    return next((at for at in range(start, len(values)) if _fits(pattern, values[at])), None)


def _fits(pattern: str, value: str) -> bool:
    given, wanted = value.casefold(), pattern.casefold()
    front = wanted.startswith("*")
    back = wanted.endswith("*") and not wanted.endswith("\\*") and len(wanted) > 1
    core = wanted[front : len(wanted) - back].replace("\\*", "*")
    if front and back:
        return core in given
    if front:
        return given.endswith(core)
    return given.startswith(core) if back else given == core


def _why(type: str, pattern: str, found: Sequence[str], place: int | None) -> Text:
    """Why one attribute matches or not; each value is named as the attribute that it is of."""
    values = [text('{type}="{value}"', type=type, value=Named(type, value)) for value in found]
    demanded = text('{type}="{value}"', type=type, value=Named(type, pattern))
    if not found:
        return text("{demanded} is demanded, and the certificate has no {type}.", demanded=demanded, type=type)
    shown = joined(values, ", ")
    if _TYPES[type] not in _SEVERAL and len(found) > 1:
        template = (
            "The certificate has several {type} ({shown}); then {type} cannot be matched: leave it out of the pattern."
        )
        return text(template, type=type, shown=shown)
    if place is not None:
        return text("{demanded} matches {value}.", demanded=demanded, value=values[place])
    if any(_fits(pattern, value) for value in found):
        template = "{demanded} is there, but not in this order; demanded is the highest unit first: {shown}."
        return text(template, demanded=demanded, shown=shown)
    inside = text(" An asterisk inside a value stands for itself." if "*" in pattern[1:-1] else "")
    template = "{demanded} is demanded, and the certificate has {shown}.{inside}"
    return text(template, demanded=demanded, shown=shown, inside=inside)


def _pairs(pattern: str) -> tuple[list[tuple[str, str]], str]:
    """The attributes demanded, and what is wrong with the pattern."""
    given = pattern.strip()
    if len(given) > 1 and given[0] == given[-1] == "'":
        given = given[1:-1]
    if len(given) > LONGEST:
        template = "The pattern has {length} characters; SSLPEER takes {longest} (on z/OS 256)."
        return [], text(template, length=len(given), longest=LONGEST)
    if given.count('"') % 2:
        return [], "A quotation mark is not closed."
    parts = [part for part in _PART.findall(given) if part.strip()]
    if not parts:
        return [], "The pattern is empty."
    pairs: list[tuple[str, str]] = []
    for part in parts:
        type, value, wrong = _pair(part)
        if wrong or (_TYPES[type] not in _SEVERAL and type in {known for known, _ in pairs}):
            return [], wrong or text("{type} stands there twice; only OU and DC may.", type=type)
        pairs.append((type, value))
    return pairs, ""


def _pair(part: str) -> tuple[str, str, str]:
    type, equals, value = part.partition("=")
    value = value.strip()
    if not equals:
        template = '"{part}" has no "="; a value with a comma in it must stand between quotation marks.'
        return "", "", text(template, part=Named("peer_name", part.strip()))
    if type != type.rstrip():
        return "", "", text('There is a blank before the "=" after {type}; none may stand there.', type=type.strip())
    if type not in _TYPES:
        hint = text("; write {type}", type=type.upper()) if type.upper() in _TYPES else ""
        template = "{type} is no attribute that SSLPEER knows{hint}."
        return "", "", text(template, type=type or "An empty name", hint=hint)
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return (type, value, "") if value else ("", "", text("{type} has no value.", type=type))


def host_names(subject: str, alternative_names: Sequence[str]) -> tuple[str, ...]:
    """The names of the certificate: the alternative ones, and only where there is none of them its common name."""
    names = tuple(each.partition(":")[2] for each in alternative_names if each.startswith(("DNS:", "IP:")))
    return names or tuple(each.value for each in parse_distinguished_name(subject, ",+") if each.type == "CN")


def names_host(host: str, names: Sequence[str]) -> bool:
    """Whether one of the names is the host's; a `*` stands for the first label of a name, never in an address."""
    wanted = host.strip().rstrip(".").casefold()
    return any(_is_same(wanted, name.rstrip(".").casefold()) for name in names)


def _is_same(host: str, name: str) -> bool:
    try:
        return ip_address(host) == ip_address(name)
    except ValueError:
        pass
    if host == name:
        return True
    first, _, rest = host.partition(".")
    return (
        bool(first)
        and name.startswith("*.")
        and name[2:] == rest
        and "." in rest
        and not rest.replace(".", "").isdigit()
    )
