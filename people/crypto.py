"""Sealing of personal data: AES-256-GCM, bound to the place where the ciphertext is stored.

A sealed blob is ``version (1 byte) | length of key id (1) | key id | nonce (12) | ciphertext and tag``.
The associated data is ``table|column|row``: a ciphertext moved to another row, column or table does
not open. Keys come from ``settings.PERSON_KEYS``, or from the lines of the file ``settings.PERSON_KEYS_FILE``, as
"id:base64 of 32 bytes", newest first; the first encrypts, every listed one decrypts. The file is looked at before
each use, so that a key put into it holds at once in every process. No message raised here holds plaintext or key
material.
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class SealError(Exception):
    """A blob that does not open. Never a refusal: somebody damaged, moved or mis-keyed data."""


class UnknownKey(SealError):
    """The blob names a key that is not listed."""


class BrokenSeal(SealError):
    """The blob is damaged, or was sealed for another table, column or row."""


@lru_cache(maxsize=8)
def _keyring(listed: tuple[str, ...]) -> tuple[str, Mapping[str, AESGCM]]:
    ring: dict[str, AESGCM] = {}
    for place, entry in enumerate(listed, start=1):
        key_id, _, encoded = entry.strip().partition(":")
        if not _KEY_ID.fullmatch(key_id):
            msg = f"Entry {place} of the person keys must read id:base64, the id of letters, digits, _ and -."
            raise ImproperlyConfigured(msg)
        if key_id in ring:
            msg = f"The person keys list the key id {key_id!r} twice."
            raise ImproperlyConfigured(msg)
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if len(key) != KEY_BYTES:
            msg = f"The person key {key_id!r} must be the base64 of {KEY_BYTES} bytes."
            raise ImproperlyConfigured(msg)
        ring[key_id] = AESGCM(key)
    if not ring:
        msg = "PERSON_KEYS, or the file PERSON_KEYS_FILE, must list at least one key (id:base64 of 32 bytes)."
        raise ImproperlyConfigured(msg)
    return next(iter(ring)), ring


def keyring() -> tuple[str, Mapping[str, AESGCM]]:
    """Return the id of the key that encrypts, and all keys by id.

    :raises ImproperlyConfigured: if ``PERSON_KEYS`` or the file is malformed, or the file cannot be read
    """
    path: str = settings.PERSON_KEYS_FILE
    if not path:
        listed: Sequence[str] = settings.PERSON_KEYS
        return _keyring(tuple(listed))
    try:
        state = Path(path).stat()
        return _keyring(_lines_of(path, state.st_ino, state.st_mtime_ns, state.st_size))
    except (OSError, UnicodeDecodeError) as trouble:
        msg = f"The file of the person keys cannot be read: {type(trouble).__name__}."
        raise ImproperlyConfigured(msg) from None


@lru_cache(maxsize=2)
def _lines_of(path: str, _inode: int, _changed: int, _size: int) -> tuple[str, ...]:
    """Return the entries of a key file; read again when it has changed."""
    return _entries(Path(path).read_text(encoding="utf-8").splitlines())


def _entries(lines: Iterable[str]) -> tuple[str, ...]:
    """Leave empty lines and remarks ("# …") out."""
    stripped = (line.strip() for line in lines)
    return tuple(line for line in stripped if line and not line.startswith("#"))


def check_entries(lines: Iterable[str]) -> None:
    """Refuse lines that would be no key file.

    :raises ImproperlyConfigured: as ``keyring`` says
    """
    _keyring(_entries(lines))


def _bound_to(table: str, column: str, row: object) -> bytes:
    return f"{table}|{column}|{row}".encode()


@sensitive_variables("text")
def seal(text: str, *, table: str, column: str, row: object) -> bytes:
    """Return ``text`` sealed for this one place; two calls never give the same bytes."""
    key_id, ring = keyring()
    nonce = secrets.token_bytes(NONCE_BYTES)
    named = key_id.encode()
    head = bytes((VERSION, len(named))) + named + nonce
    return head + ring[key_id].encrypt(nonce, text.encode(), _bound_to(table, column, row))


def key_id_of(blob: bytes) -> str:
    """Return the id of the key a blob was sealed with (a rotation looks for the old ones).

    :raises BrokenSeal: if the blob is too short or of an unknown version
    """
    if len(blob) < 2 or blob[0] != VERSION or len(blob) < 2 + blob[1] + NONCE_BYTES + TAG_BYTES:  # noqa: PLR2004
        msg = "Not a sealed blob of a version we know."
        raise BrokenSeal(msg)
    return blob[2 : 2 + blob[1]].decode("ascii", errors="replace")


def unseal(blob: bytes | memoryview, *, table: str, column: str, row: object) -> str:
    """Return the text of a blob sealed for this place.

    :raises UnknownKey: if its key is not listed (a key was removed before a rotation had ended)
    :raises BrokenSeal: if it was damaged, or moved from another place
    """
    blob = bytes(blob)
    key_id = key_id_of(blob)
    _, ring = keyring()
    if key_id not in ring:
        msg = f"{table}.{column} of row {row} was sealed with the key {key_id!r}, which is not listed."
        raise UnknownKey(msg)
    start = 2 + blob[1]
    nonce, sealed = blob[start : start + NONCE_BYTES], blob[start + NONCE_BYTES :]
    try:
        return ring[key_id].decrypt(nonce, sealed, _bound_to(table, column, row)).decode()
    except InvalidTag:
        msg = f"{table}.{column} of row {row} does not open: damaged, or moved from another place."
        # The cause says nothing more, and a chained trace would show the frame of the cipher.
        raise BrokenSeal(msg) from None


@sensitive_variables("text")
def blind(text: str, *, purpose: str) -> bytes:
    """Return the keyed 32-byte index of ``text``: equal texts of one purpose are equal, nothing else can be read.

    The caller normalises. Indexes of different purposes cannot be joined.
    """
    if "|" in purpose:
        msg = f"A purpose holds no '|': {purpose!r}."
        raise ValueError(msg)
    return hmac.new(settings.BLIND_INDEX_KEY.encode(), f"{purpose}|{text}".encode(), sha256).digest()
