"""Decrypts the parts of a PKCS#12 store that hold certificates, and checks its password (RFC 7292, RFC 8018).

Certificates that Java 8, Windows and openssl 1 wrote are encrypted with RC2 and keys of 40 bits, which `cryptography`
does not offer. Known are PBES2 with AES or Triple DES in CBC mode (GSKit, Java 11 and later, openssl 3) and the older
PBE with Triple DES or RC2 and SHA-1. What asks for more rounds of key derivation than any tool writes is refused: a
hostile file could keep the reader busy for hours.
"""

import hashlib
import hmac
from typing import TYPE_CHECKING

from msgspec import Struct

from mqtrace.decode.certificate_der import INTEGER, Element, integer, object_identifier
from mqtrace.model.errors import DecodeError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import CipherAlgorithm

MOST_ROUNDS = 600_000
_PBES2, _PBKDF2 = "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12"
_HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.4": "sha224",
}
_PSEUDO_RANDOM = {
    "1.2.840.113549.2.7": "sha1",
    "1.2.840.113549.2.8": "sha224",
    "1.2.840.113549.2.9": "sha256",
    "1.2.840.113549.2.10": "sha384",
    "1.2.840.113549.2.11": "sha512",
}
_CIPHERS = {
    "2.16.840.1.101.3.4.1.2": ("AES", 16),
    "2.16.840.1.101.3.4.1.22": ("AES", 24),
    "2.16.840.1.101.3.4.1.42": ("AES", 32),
    "1.2.840.113549.3.7": ("TripleDES", 24),
}
_OLD_TRIPLE_DES = {"1.2.840.113549.1.12.1.3": 24, "1.2.840.113549.1.12.1.4": 16}
_OLD_RC2 = {"1.2.840.113549.1.12.1.5": 16, "1.2.840.113549.1.12.1.6": 5}
_ENCRYPTION, _VECTOR, _AUTHENTICATION = 1, 2, 3
_LARGEST_RC2 = 1 << 18
_RC2_BLOCK = 8
_RC2_SHIFTS = (1, 2, 3, 5)
# PITABLE of RFC 2268.
_RC2_TABLE = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32"
    "bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a"
    "961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e"
    "c5f3db47e5a59c770aa62068fe7fc1ad"
)


class Rounds(Struct):
    """How many more rounds of key derivation one store may ask for."""

    left: int = MOST_ROUNDS

    def spend(self, count: int) -> int:
        """The count. Raises DecodeError where that is more than is left."""
        self.left -= count
        if count < 1 or self.left < 0:
            raise DecodeError(
                f"The PKCS#12 store asks for more than {MOST_ROUNDS} rounds of key derivation; no tool writes such "
                f"a store."
            )
        return count


def password_fits(authentication: Element, content: bytes, password: str, rounds: Rounds) -> bool:
    """Whether the MAC of the store was made with this password. Raises DecodeError for an algorithm not known."""
    digest_info, salt, *count = authentication.at_least(2)
    algorithm, expected = digest_info.at_least(2)[:2]
    kind = object_identifier(algorithm.at_least(1)[0])
    if kind not in _HASHES:
        raise DecodeError(f"The PKCS#12 store is authenticated by {kind}, which mqtrace does not know.")
    number = rounds.spend(integer(count[0]) if count else 1)
    name = _HASHES[kind]
    key = _derive(password, salt.content, number, hashlib.new(name).digest_size, _AUTHENTICATION, hash_name=name)
    return hmac.compare_digest(hmac.digest(key, content, name), expected.content)


def decrypt(algorithm: Element, data: bytes, password: str, rounds: Rounds) -> bytes:
    """The decrypted content, without padding. Raises DecodeError for an algorithm not known, or a wrong password."""
    number, parameters = object_identifier(algorithm.at_least(2)[0]), algorithm.at_least(2)[1]
    if number == _PBES2:
        return _without_padding(_plain(*_pbes2(parameters, password, rounds), data))
    if number in _OLD_TRIPLE_DES:
        key, vector = _old_key(parameters, password, _OLD_TRIPLE_DES[number], rounds)
        return _without_padding(_plain(_cipher("TripleDES", (key + key[:8])[:24]), vector, data))
    if number in _OLD_RC2:
        return _without_padding(_rc2(data, *_old_key(parameters, password, _OLD_RC2[number], rounds)))
    raise DecodeError(f"The PKCS#12 store is encrypted by {number}, which mqtrace does not know.")


def _plain(cipher: "CipherAlgorithm", vector: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    try:
        worker = Cipher(cipher, modes.CBC(vector)).decryptor()
        return worker.update(data) + worker.finalize()
    except ValueError as error:
        raise DecodeError("The encrypted part of the PKCS#12 store is damaged.") from error


def _without_padding(plain: bytes) -> bytes:
    padding = plain[-1] if plain else 0
    if not 1 <= padding <= 16 or plain[-padding:] != bytes([padding]) * padding:
        raise DecodeError("The password does not open the PKCS#12 store.")
    return plain[:-padding]


def _pbes2(parameters: Element, password: str, rounds: Rounds) -> tuple["CipherAlgorithm", bytes]:
    derivation, encryption = parameters.at_least(2)[:2]
    if object_identifier(derivation.at_least(1)[0]) != _PBKDF2:
        raise DecodeError("The PKCS#12 store derives its key in a way that mqtrace does not know.")
    salt, count, *rest = derivation.at_least(2)[1].at_least(2)
    function = next((each for each in rest if each.tag != INTEGER), None)
    hash_name = _PSEUDO_RANDOM.get(object_identifier(function.at_least(1)[0]), "") if function else "sha1"
    name, size = _CIPHERS.get(object_identifier(encryption.at_least(1)[0]), ("", 0))
    if not hash_name or not name:
        raise DecodeError("The PKCS#12 store is encrypted in a way that mqtrace does not know.")
    key = hashlib.pbkdf2_hmac(
        hash_name, password.encode("utf-8", "surrogatepass"), salt.content, rounds.spend(integer(count)), size
    )
    return _cipher(name, key), encryption.at_least(2)[1].content


def _old_key(parameters: Element, password: str, size: int, rounds: Rounds) -> tuple[bytes, bytes]:
    """Key and initialisation vector of the older PBE."""
    salt, count = parameters.at_least(2)[:2]
    number = rounds.spend(integer(count))
    key = _derive(password, salt.content, number, size, _ENCRYPTION)
    return key, _derive(password, salt.content, number, 8, _VECTOR)


def _cipher(name: str, key: bytes) -> "CipherAlgorithm":
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers.algorithms import AES

    return AES(key) if name == "AES" else TripleDES(key)


def _derive(password: str, salt: bytes, count: int, size: int, purpose: int, *, hash_name: str = "sha1") -> bytes:
    """Bytes for one purpose from the password (RFC 7292, appendix B.2)."""
    block = hashlib.new(hash_name).block_size
    secret = password.encode("utf-16-be", "surrogatepass") + b"\0\0"
    filled = bytearray(_repeated(salt, block) + _repeated(secret, block))
    result = b""
    while len(result) < size:
        digest = bytes([purpose]) * block + filled
        for _ in range(count):
            digest = hashlib.new(hash_name, digest).digest()
        result += digest
        addend = int.from_bytes(_repeated(digest, block)[:block], "big") + 1
        for start in range(0, len(filled), block):
            total = int.from_bytes(filled[start : start + block], "big") + addend
            filled[start : start + block] = (total % (1 << 8 * block)).to_bytes(block, "big")
    return result[:size]


def _repeated(data: bytes, block: int) -> bytes:
    """The data again and again, up to the next whole block."""
    if not data:
        return b""
    size = -(-len(data) // block) * block
    return (data * (size // len(data) + 1))[:size]


def _rc2(data: bytes, key: bytes, vector: bytes) -> bytes:
    """RC2 in CBC mode (RFC 2268): the decrypted blocks, padding among them; all bits of the key count.

    Raises DecodeError where the blocks are not whole, or too many.
    """
    if len(data) % _RC2_BLOCK or len(vector) != _RC2_BLOCK:
        raise DecodeError("The encrypted part of the PKCS#12 store is damaged.")
    if len(data) > _LARGEST_RC2:
        raise DecodeError(f"The PKCS#12 store has {len(data)} bytes encrypted with RC2, more than mqtrace decrypts.")
    words = _rc2_words(key)
    plain = bytearray()
    for start in range(0, len(data), _RC2_BLOCK):
        block = data[start : start + _RC2_BLOCK]
        plain += bytes(one ^ other for one, other in zip(_rc2_block(block, words), vector, strict=True))
        vector = block
    return bytes(plain)


def _rc2_words(key: bytes) -> list[int]:
    """The 64 words of 16 bits that the key becomes."""
    size = len(key)
    table = bytearray(key)
    for at in range(size, 128):
        table.append(_RC2_TABLE[table[at - 1] + table[at - size] & 0xFF])
    table[128 - size] = _RC2_TABLE[table[128 - size]]
    for at in range(127 - size, -1, -1):
        table[at] = _RC2_TABLE[table[at + 1] ^ table[at + size]]
    return [table[at] | table[at + 1] << 8 for at in range(0, 128, 2)]


def _rc2_block(block: bytes, words: list[int]) -> bytes:
    parts = [block[at] | block[at + 1] << 8 for at in range(0, _RC2_BLOCK, 2)]
    for step in range(15, -1, -1):
        for at in (3, 2, 1, 0):
            shift, part, before, second, third = _RC2_SHIFTS[at], parts[at], parts[at - 1], parts[at - 2], parts[at - 3]
            part = (part >> shift | part << 16 - shift) & 0xFFFF
            parts[at] = part - words[4 * step + at] - (before & second) - (~before & third) & 0xFFFF
        if step in (11, 5):
            for at in (3, 2, 1, 0):
                parts[at] = parts[at] - words[parts[at - 1] & 63] & 0xFFFF
    return b"".join(part.to_bytes(2, "little") for part in parts)
