"""Masks what must never be shown."""

import re

MASK = "***"
SECRET_NAME = re.compile(r"password|passwd|passphrase|pwd|secret", re.IGNORECASE)
# A policy, not a password.
NOT_SECRET = {"passwordprotection"}
# A PKCS #11 token is given as GSK_PKCS11=driver;label;password;cipher setting; and has at most 256 characters.
TOKEN = re.compile(r"(GSK_PKCS11=[^;]{0,300}+;[^;]{0,300}+;)[^;]*", re.IGNORECASE)
URL_USER = re.compile(r"(\b[a-z][a-z0-9+.-]{0,30}://[^/\s:@]{0,256}:)[^/\s]*@", re.IGNORECASE)


def is_secret(name: str) -> bool:
    """Whether an attribute or variable of that name holds a password."""
    return SECRET_NAME.search(name) is not None and name.lower() not in NOT_SECRET


def masked(name: str, value: str) -> str:
    """`value` fit to be shown: "***" for passwords, and in place of the password within a URL or a token's definition."""
    if is_secret(name):
        return MASK if value else ""
    # Most values have neither sign, and a listing has very many values.
    if ";" in value:
        value = TOKEN.sub(r"\1***", value)
    return URL_USER.sub(r"\1***@", value) if "@" in value else value
