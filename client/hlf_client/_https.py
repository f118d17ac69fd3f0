"""Plain HTTPS for services that sign or certify: one question, one answer of bounded size, on a thread.

By the standard library, so that the client needs no further package. Connections are kept and used again; a kept one
that its server has closed meanwhile is replaced, and only a question that it had not answered is asked again there.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from hlf_client.errors import InvalidDocument, LedgerUnavailable

__all__ = ["Answer", "Https"]

_MAX_BYTES: Final = 16 * 1024 * 1024
_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said."""

    status: int
    body: bytes


class Https:
    """One service. `roots` (PEM) issued its TLS certificate; without, those that this machine trusts did.

    Raises `InvalidDocument` for what is no URL and for roots that are no certificates; asking raises
    `LedgerUnavailable` where nobody answers within `seconds`, or who answers is not trusted.
    """

    def __init__(self, url: str, *, roots: bytes | None = None, seconds: float = 30.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise InvalidDocument(f"{url!r} is not https://HOST[:PORT]", field="url", reason="is not https://HOST")
        self.url: Final = url.rstrip("/")
        self.path: Final = parts.path.rstrip("/")
        self._host, self._port, self._seconds = parts.hostname, parts.port, seconds
        self._tls = _context(roots) if parts.scheme == "https" else None
        self._kept: list[http.client.HTTPConnection] = []

    async def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One question; `path` with its query, below the URL's own path."""
        return await asyncio.to_thread(self._ask, method, self.path + path, body, dict(headers or {}))

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        while True:
            connection, is_new = self._take()
            try:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                content = response.read(_MAX_BYTES + 1)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if not is_new and isinstance(error, http.client.RemoteDisconnected | ConnectionError):
                    continue
                raise LedgerUnavailable(f"{self.url} does not answer: {_reason(error)}") from None
            if len(content) > _MAX_BYTES:
                connection.close()
                raise LedgerUnavailable(f"{self.url} answers with more than {_MAX_BYTES} bytes")
            self._keep(connection, is_over=response.will_close)
            return Answer(response.status, content)

    def _take(self) -> tuple[http.client.HTTPConnection, bool]:
        with contextlib.suppress(IndexError):
            return self._kept.pop(), False
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._seconds), True
        return http.client.HTTPSConnection(self._host, self._port, timeout=self._seconds, context=self._tls), True

    def _keep(self, connection: http.client.HTTPConnection, *, is_over: bool) -> None:
        if is_over or len(self._kept) >= _KEPT:
            connection.close()
        else:
            self._kept.append(connection)

    def close(self) -> None:
        """Close what is kept open."""
        while self._kept:
            self._kept.pop().close()


def _context(roots: bytes | None) -> ssl.SSLContext:
    if roots is None:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cadata=roots.decode("ascii"))
    except (ssl.SSLError, ValueError):
        raise InvalidDocument("the roots are no certificates in PEM", field="roots", reason="no PEM") from None


def _reason(error: OSError | http.client.HTTPException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its TLS certificate is not one of the given roots' ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "not in time"
    return str(error) or type(error).__name__
