"""A signer that asks a key service over HTTPS: it is given a digest, and answers with the signature."""

from __future__ import annotations

import base64
import binascii
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from hlf_client.errors import LedgerUnavailable, NotAuthorized

__all__ = ["RemoteSigner"]

_SECONDS: Final = 10.0
_REFUSED: Final = (401, 403)


@dataclass(frozen=True, slots=True)
class RemoteSigner:
    """`POST url {"key": ..., "digest": base64}` answers `{"signature": base64}`: DER with low s over a SHA-256 digest.

    The server shows itself by a client certificate, a bearer token, or both. Raises `NotAuthorized` where the service
    refuses, `LedgerUnavailable` where it cannot be asked.
    """

    url: str
    key: str
    token_file: Path | None = None
    certificate: Path | None = None
    certificate_key: Path | None = None
    authorities: Path | None = None

    async def sign(self, digest: bytes) -> bytes:
        body = {"key": self.key, "digest": base64.b64encode(digest).decode()}
        try:
            async with httpx.AsyncClient(verify=self._context(), timeout=_SECONDS) as client:
                answer = await client.post(self.url, json=body, headers=self._headers())
        except (httpx.HTTPError, OSError) as error:
            raise LedgerUnavailable(f"the key service did not answer: {type(error).__name__}") from None
        if answer.status_code in _REFUSED:
            raise NotAuthorized(f"the key service does not sign with key {self.key!r}")
        if answer.status_code != httpx.codes.OK:
            raise LedgerUnavailable(f"the key service did not sign: status {answer.status_code}")
        try:
            return base64.b64decode(answer.json()["signature"], validate=True)
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise LedgerUnavailable("the key service answered with no signature") from None

    def _headers(self) -> dict[str, str]:
        if self.token_file is None:
            return {}
        return {"Authorization": f"Bearer {self.token_file.read_text().strip()}"}

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=None if self.authorities is None else str(self.authorities))
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.certificate_key)
        return context
