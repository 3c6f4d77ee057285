"""RC2 in CBC mode, to decrypt only (RFC 2268).

Certificates in PKCS#12 stores that Java 8, Windows and openssl 1 wrote are encrypted with RC2 and keys of 40 bits, which `cryptography`
does not offer. It protects nothing: the certificates in a store are public.
"""

from mqtrace.model.errors import DecodeError

LARGEST = 1 << 18
_BLOCK = 8
_SHIFTS = (1, 2, 3, 5)
# PITABLE of RFC 2268.
_TABLE = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82"
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb6266fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7"
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad"
)


def decrypt_rc2(data: bytes, key: bytes, vector: bytes) -> bytes:
    """The decrypted blocks, padding among them; all bits of the key count. Raises DecodeError where they are not whole, or too many."""
    if len(data) % _BLOCK or len(vector) != _BLOCK:
        raise DecodeError("The encrypted part of the PKCS#12 store is damaged.")
    if len(data) > LARGEST:
        raise DecodeError(f"The PKCS#12 store has {len(data)} bytes encrypted with RC2, more than mqtrace decrypts.")
    words = _expanded(key)
    plain = bytearray()
    for start in range(0, len(data), _BLOCK):
        block = data[start : start + _BLOCK]
        plain += bytes(one ^ other for one, other in zip(_decrypted(block, words), vector, strict=True))
        vector = block
    return bytes(plain)


def _expanded(key: bytes) -> list[int]:
    """The 64 words of 16 bits that the key becomes."""
    size = len(key)
    table = bytearray(key)
    for at in range(size, 128):
        table.append(_TABLE[table[at - 1] + table[at - size] & 0xFF])
    table[128 - size] = _TABLE[table[128 - size]]
    for at in range(127 - size, -1, -1):
        table[at] = _TABLE[table[at + 1] ^ table[at + size]]
    return [table[at] | table[at + 1] << 8 for at in range(0, 128, 2)]


def _decrypted(block: bytes, words: list[int]) -> bytes:
    parts = [block[at] | block[at + 1] << 8 for at in range(0, _BLOCK, 2)]
    for step in range(15, -1, -1):
        for at in (3, 2, 1, 0):
            shift, part, before, second, third = _SHIFTS[at], parts[at], parts[at - 1], parts[at - 2], parts[at - 3]
            part = (part >> shift | part << 16 - shift) & 0xFFFF
            parts[at] = part - words[4 * step + at] - (before & second) - (~before & third) & 0xFFFF
        if step in (11, 5):
            for at in (3, 2, 1, 0):
                parts[at] = parts[at] - words[parts[at - 1] & 63] & 0xFFFF
    return b"".join(part.to_bytes(2, "little") for part in parts)
