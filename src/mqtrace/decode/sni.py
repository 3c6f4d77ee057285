"""The server name that stands for a channel (IBM documentation, "How MQ provides multiple certificates capability").

A to Z become lower case, 0 to 9 stay, every other character becomes its two hexadecimal digits and a hyphen, and
`.chl.mq.ibm.com` follows. So a hyphen only ever ends a pair of digits, and the name can be read back.
"""

from mqtrace.kept import compiled
from mqtrace.model.errors import DecodeError

_SUFFIX = ".chl.mq.ibm.com"
_LABEL = compiled(r"(?:[0-9a-f]{2}-|[a-z0-9])+")
_TOKEN = compiled(r"([0-9a-f]{2})-|([a-z0-9])")
_LONGEST_CHANNEL = 20


def server_name_of(channel: str) -> str:
    """Server name that a client sends for a channel. Raises DecodeError for what is no channel name."""
    if not 0 < len(channel) <= _LONGEST_CHANNEL or not (channel.isascii() and channel.isprintable()):
        raise DecodeError("A channel name has 1 to 20 characters of ASCII.")
    return "".join(map(_encoded, channel)) + _SUFFIX


def channel_of(server_name: str) -> str | None:
    """Channel that a server name stands for; None when it stands for none (a host name)."""
    name = server_name.lower()
    label = name.removesuffix(_SUFFIX)
    if label == name or len(label) > 3 * _LONGEST_CHANNEL or not _LABEL.fullmatch(label):
        return None
    channel = "".join(chr(int(pair, 16)) if pair else plain.upper() for pair, plain in _TOKEN.findall(label))
    try:
        return channel if server_name_of(channel) == name else None
    except DecodeError:
        return None


def _encoded(character: str) -> str:
    if character.isdigit():
        return character
    return character.lower() if character.isupper() else f"{ord(character):02x}-"
