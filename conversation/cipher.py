"""Encryption of personal data at rest, and the keyed hash that recognises a repeated message.

AES-256-GCM, random 96-bit nonce, the row's place as associated data, so that a ciphertext copied into
another row does not open. Layout: b"v1" | key id (1 byte) | nonce (12) | ciphertext and tag.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"v1"
_SHORTEST = 2 + 1 + 12 + 16


class CannotDecrypt(ValueError):
    """The key is unknown, or the ciphertext does not belong to this row."""


class Cipher:
    """``keys`` maps key id (0–255) to 32 random bytes; ``current`` is the one that encrypts.

    ValueError for keys that could not do their work: better at the start than at the first message.
    """

    def __init__(self, keys: Mapping[int, bytes], current: int, hash_key: bytes) -> None:
        if current not in keys:
            raise ValueError(f"the current key {current} is not among the keys {sorted(keys)}")
        if not all(0 <= key_id <= 255 and len(key) == 32 for key_id, key in keys.items()):
            raise ValueError("every key needs a number from 0 to 255 and 32 bytes")
        if len(hash_key) < 32:
            raise ValueError("the hash key needs 32 bytes or more")
        self._aead = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = current
        self._hash_key = hash_key

    def encrypt(self, plain: str, place: str) -> bytes:
        """``place`` names table, column and row, e.g. "messages.original:c_1:7"."""
        return self.seal(plain.encode(), place)

    def seal(self, plain: bytes, place: str) -> bytes:
        """`encrypt` for bytes."""
        nonce = os.urandom(12)
        sealed = self._aead[self._current].encrypt(nonce, plain, place.encode())
        return _VERSION + bytes([self._current]) + nonce + sealed

    def decrypt(self, sealed: bytes, place: str) -> str:
        return self.unseal(sealed, place).decode()

    def unseal(self, sealed: bytes, place: str) -> bytes:
        """`decrypt` for bytes; CannotDecrypt."""
        if sealed[:2] != _VERSION or len(sealed) < _SHORTEST:
            raise CannotDecrypt(place)
        try:
            aead = self._aead[sealed[2]]
            return aead.decrypt(sealed[3:15], sealed[15:], place.encode())
        except (KeyError, InvalidTag) as error:
            raise CannotDecrypt(place) from error

    def fingerprint(self, text: str) -> str:
        """A keyed hash (hex): equal texts are recognised, the text cannot be guessed from it."""
        return hmac.new(self._hash_key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
