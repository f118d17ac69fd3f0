"""Keys in a hardware security module, over PKCS#11; needs python-pkcs11.

    with Pkcs11Signer("/usr/lib/softhsm/libsofthsm2.so", token="bank", pin=pin, key="maker") as signer:
        identity = Identity("EximbankMSP", certificate, signer)

The key never leaves the module. A signature waits on a thread of its own, one after the other: a PKCS#11 session serves
one call at a time.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self, cast

from hlf_client.errors import LedgerUnavailable, NotAuthorized
from hlf_client.identity.signer import low_s

if TYPE_CHECKING:
    from pkcs11 import Mechanism, Session

__all__ = ["Pkcs11Signer"]

_CURVES: Final = {64: "secp256r1", 96: "secp384r1"}
"""By the length of a raw signature, r and s side by side."""


class _SigningKey(Protocol):
    """A private key of the library, whose own types do not say that it signs."""

    def sign(self, data: bytes, *, mechanism: Mechanism) -> bytes: ...


class Pkcs11Signer:
    """An ECDSA key (P-256 or P-384) of a token, found by its label, its id (hex), or both.

    Raises `NotAuthorized` where library, token, PIN or key do not fit, `LedgerUnavailable` where python-pkcs11 is
    missing or the module fails while signing.
    """

    def __init__(
        self, library: str | Path, *, token: str, pin: str, key: str | None = None, key_id: str | None = None
    ) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pkcs11")
        try:
            opened = self._thread.submit(_open, str(library), token, pin, key, key_id)
            self._session, self._key = opened.result()
        except BaseException:
            self._thread.shutdown()
            raise

    async def sign(self, digest: bytes) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _sign, self._key, digest)

    def close(self) -> None:
        """End the session with the module."""
        self._thread.submit(self._session.close).result()
        self._thread.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "Pkcs11Signer()"


def _open(library: str, token: str, pin: str, label: str | None, key_id: str | None) -> tuple[Session, _SigningKey]:
    try:
        import pkcs11
    except ImportError:
        raise LedgerUnavailable("a key in an HSM needs python-pkcs11: pip install python-pkcs11") from None
    try:
        module = pkcs11.lib(library)
    except RuntimeError as error:
        raise NotAuthorized(f"the PKCS#11 library {library} cannot be loaded: {error}") from None
    try:
        session = module.get_token(token_label=token).open(user_pin=pin)
    except pkcs11.NoSuchToken:
        raise NotAuthorized(f"there is no token {token!r} in {library}") from None
    except pkcs11.PKCS11Error as error:
        raise NotAuthorized(f"token {token!r} cannot be opened: {type(error).__name__} (is the PIN right?)") from None
    try:
        chosen = {"id": bytes.fromhex(key_id)} if key_id else {}
        found = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.KeyType.EC, label=label, **chosen)
    except (pkcs11.NoSuchKey, pkcs11.MultipleObjectsReturned, ValueError):
        session.close()
        raise NotAuthorized(
            f"token {token!r} has not exactly one EC private key with label {label!r} and id {key_id!r}"
        ) from None
    return session, cast("_SigningKey", found)


def _sign(key: _SigningKey, digest: bytes) -> bytes:
    import pkcs11

    try:
        raw = key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)
    except pkcs11.PKCS11Error as error:
        raise LedgerUnavailable(f"the HSM did not sign: {type(error).__name__}") from None
    half = len(raw) // 2
    curve = _CURVES.get(len(raw), f"a curve of {half} bytes")
    return low_s(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"), curve)
