"""Error numbers of the operating systems, which differ: a refused connection is 111, 79, 10061, 146 or 239."""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from mqtrace.catalog.tables import table


class Errno(Struct, frozen=True):
    """One error number.

    Attributes:
        number: the number.
        symbol: name in errno.h or winsock.h, without WSA.
        cause: id of the cause that it proves.
        platforms: the platforms that use the number so.
    """

    number: int
    symbol: str
    cause: str
    platforms: tuple[str, ...]


@cache
def _errnos() -> Mapping[int, tuple[Errno, ...]]:
    grouped: dict[tuple[int, str, str], list[str]] = {}
    for row in table("errno"):
        grouped.setdefault((int(row["errno"]), row["symbol"], row["cause_id"]), []).append(row["platform"])
    found: dict[int, tuple[Errno, ...]] = {}
    for (number, symbol, cause_id), platforms in grouped.items():
        found[number] = (*found.get(number, ()), Errno(number, symbol, cause_id, tuple(platforms)))
    return found


def errno(number: int, platform: str = "") -> Errno | None:
    """The meaning of a number on "linux", "aix", "windows", "solaris", "hpux", "macos", "zos" or "ibmi".

    Without a platform the meaning that all platforms share. None when the number is not known or that does not decide.
    """
    fitting = [each for each in _errnos().get(number, ()) if not platform or platform in each.platforms]
    return fitting[0] if len(fitting) == 1 else None
