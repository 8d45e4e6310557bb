"""Identity numbers and phones at rest: encrypted, bound to their row, searchable only by a keyed index (ADR 0006).

A plain hash of an identity number is no protection: all numbers of one region can be tried in seconds.
"""

import hmac
import os
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
NONCE_BYTES = 12


class Unreadable(Exception):
    """The stored value does not belong to this row, or the key has changed."""


@lru_cache(maxsize=16)
def _key(root: str, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(root.encode())


def encrypt(value: str, *, column: str, row: UUID) -> bytes:
    """Return version, nonce and ciphertext; bound to column and row, so that it cannot be moved to another."""
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(_key(settings.PERSONAL_DATA_KEY, f"encrypt|{column}"))
    return VERSION + nonce + cipher.encrypt(nonce, value.encode(), f"{column}:{row}".encode())


def decrypt(stored: bytes, *, column: str, row: UUID) -> str:
    """Return the value that `encrypt` stored for this column and row. Raises Unreadable."""
    data = bytes(stored)
    nonce, sealed = data[1 : 1 + NONCE_BYTES], data[1 + NONCE_BYTES :]
    cipher = AESGCM(_key(settings.PERSONAL_DATA_KEY, f"encrypt|{column}"))
    try:
        return cipher.decrypt(nonce, sealed, f"{column}:{row}".encode()).decode()
    except InvalidTag as error:
        raise Unreadable(f"{column} of {row}") from error


def blind_index(value: str, *, column: str) -> bytes:
    """Return the keyed index that finds an equal value without decrypting: equal index, equal person."""
    return hmac.new(_key(settings.PERSONAL_DATA_KEY, f"index|{column}"), value.encode(), sha256).digest()
