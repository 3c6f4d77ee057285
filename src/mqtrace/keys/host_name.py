"""Whether a certificate names a host (RFC 6125), as mqweb's and REST clients check it; MQ channels do not."""

from collections.abc import Sequence
from ipaddress import ip_address

from mqtrace.decode.distinguished_name import parse_distinguished_name


def host_names(subject: str, alternative_names: Sequence[str]) -> tuple[str, ...]:
    """The names of the certificate: the alternative ones, and only where there is none of them its common name."""
    names = tuple(each.partition(":")[2] for each in alternative_names if each.startswith(("DNS:", "IP:")))
    return names or tuple(each.value for each in parse_distinguished_name(subject, ",+") if each.type == "CN")


def names_host(host: str, names: Sequence[str]) -> bool:
    """Whether one of the names is the host's; a `*` stands for the first label of a name, and never for a part of an
    address.
    """
    wanted = host.strip().rstrip(".").casefold()
    return any(_is_same(wanted, name.rstrip(".").casefold()) for name in names)


def is_address(host: str) -> bool:
    """Whether it is an IP address rather than a name."""
    try:
        ip_address(host.strip())
    except ValueError:
        return False
    return True


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
