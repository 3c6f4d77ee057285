"""Hosts as people and programs write them."""


def is_number(host: str) -> bool:
    """Whether a host is given by its IP number."""
    from ipaddress import ip_address

    try:
        ip_address(host)
    except ValueError:
        return False
    return True
