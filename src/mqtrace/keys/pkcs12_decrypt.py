"""Decrypts the parts of a PKCS#12 store that hold certificates, and checks its password (RFC 7292, RFC 8018).

Known are PBES2 with AES or Triple DES in CBC mode (GSKit, Java 11 and later, openssl 3) and the older PBE with Triple DES or RC2 and SHA-1.
What asks for more rounds of key derivation than any tool writes is refused: a hostile file could keep the reader busy for hours.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mqtrace.decode.certificate_der import INTEGER, Element, integer, object_identifier
from mqtrace.keys.pkcs12_rc2 import decrypt_rc2
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


@dataclass(slots=True)
class Rounds:
    """How many more rounds of key derivation one store may ask for."""

    left: int = MOST_ROUNDS

    def spend(self, count: int) -> int:
        """The count. Raises DecodeError where that is more than is left."""
        self.left -= count
        if count < 1 or self.left < 0:
            raise DecodeError(
                f"The PKCS#12 store asks for more than {MOST_ROUNDS} rounds of key derivation; no tool writes such a store."
            )
        return count


def password_fits(authentication: Element, content: bytes, password: str, rounds: Rounds) -> bool:
    """Whether the MAC of the store was made with this password. Raises DecodeError where the way it was made is not known."""
    digest_info, salt, *count = authentication.at_least(2)
    algorithm, expected = digest_info.at_least(2)[:2]
    kind = object_identifier(algorithm.at_least(1)[0])
    if kind not in _HASHES:
        raise DecodeError(f"The PKCS#12 store is authenticated by {kind}, which mqtrace does not know.")
    number = rounds.spend(integer(count[0]) if count else 1)
    name = _HASHES[kind]
    key = _derive(password, salt.content, number, hashlib.new(name).digest_size, name, _AUTHENTICATION)
    return hmac.compare_digest(hmac.digest(key, content, name), expected.content)


def decrypt(algorithm: Element, data: bytes, password: str, rounds: Rounds) -> bytes:
    """The decrypted content, without its padding. Raises DecodeError: algorithm not known, or a password that does not fit."""
    number, parameters = object_identifier(algorithm.at_least(2)[0]), algorithm.at_least(2)[1]
    if number == _PBES2:
        return _without_padding(_plain(*_pbes2(parameters, password, rounds), data))
    if number in _OLD_TRIPLE_DES:
        key, vector = _old_key(parameters, password, _OLD_TRIPLE_DES[number], rounds)
        return _without_padding(_plain(_cipher("TripleDES", (key + key[:8])[:24]), vector, data))
    if number in _OLD_RC2:
        return _without_padding(decrypt_rc2(data, *_old_key(parameters, password, _OLD_RC2[number], rounds)))
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
    key = _derive(password, salt.content, number, size, "sha1", _ENCRYPTION)
    return key, _derive(password, salt.content, number, 8, "sha1", _VECTOR)


def _cipher(name: str, key: bytes) -> "CipherAlgorithm":
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers.algorithms import AES

    return AES(key) if name == "AES" else TripleDES(key)


def _derive(password: str, salt: bytes, count: int, size: int, hash_name: str, purpose: int) -> bytes:
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
