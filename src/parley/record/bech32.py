"""Key bytes in letters and digits so that a mistyped character is noticed (BIP 173 without its length limit)."""

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
LETTER = 5
"""Bits that one letter carries."""
CHECK = 6
"""Letters of the check at the end."""
MOST = 4096
"""Characters of the longest text that is read; a hybrid recipient has 1,959."""


def _checksum(prefix: str, values: list[int]) -> int:
    check = 1
    for value in [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix), *values]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(GENERATORS):
            if top >> bit & 1:
                check ^= generator
    return check


def _regroup(values: list[int], size: int, into: int) -> tuple[list[int], int, int]:
    """Return groups of ``into`` bits, and the bits left over with their number."""
    held = bits = 0
    out: list[int] = []
    for value in values:
        held = held << size | value
        bits += size
        while bits >= into:
            bits -= into
            out.append(held >> bits)
            held &= (1 << bits) - 1
    return out, held, bits


def encode(prefix: str, data: bytes) -> str:
    """Return the lower-case text of some bytes under a lower-case prefix."""
    values, held, bits = _regroup(list(data), 8, LETTER)
    if bits:
        values.append(held << (LETTER - bits))
    check = _checksum(prefix, values + [0] * CHECK) ^ 1
    tail = [check >> LETTER * place & 31 for place in reversed(range(CHECK))]
    return prefix + "1" + "".join(ALPHABET[value] for value in values + tail)


def decode(text: str) -> tuple[str, bytes] | None:
    """Return the lower-case prefix and the bytes, or None unless the text is their one form in one letter case."""
    if len(text) > MOST or not text.isascii() or text not in (text.lower(), text.upper()):
        return None
    prefix, separator, rest = text.lower().rpartition("1")
    if not separator or not prefix or len(rest) < CHECK or any(letter not in VALUES for letter in rest):
        return None
    values = [VALUES[letter] for letter in rest]
    if _checksum(prefix, values) != 1:
        return None
    data, held, bits = _regroup(values[:-CHECK], LETTER, 8)
    if held or bits >= LETTER:
        return None
    return prefix, bytes(data)
