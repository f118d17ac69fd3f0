"""Attachments as objects of a bucket behind S3's interface: a cloud's, MinIO, Ceph. Two signed requests, no library."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import random
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from eximledger.attachments._signing import Credentials, authorised
from eximledger.attachments._store import StoreUnavailable
from eximledger_chaincode.documents.attached.attachment import MAX_ATTACHMENT
from hlf_client.errors import InvalidDocument

__all__ = ["Credentials", "S3Store"]

_TRIES: Final = 3
_TIMEOUT: Final = 30.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content: bytes


class S3Store:
    """The bucket and prefix at `https://HOST/BUCKET/PREFIX` (path style). Without TLS on this host alone: signatures do
    not hide what is sent."""

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        region: str = "us-east-1",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = _checked(url)
        self._credentials = credentials
        self._region = region
        self._clock = clock
        self._pause = pause

    async def put(self, sha256: str, content: bytes) -> None:
        answer = await self._asked("PUT", sha256, content)
        if answer.status not in {200, 201, 204}:
            raise self._refused("takes no attachment", answer)

    async def get(self, sha256: str) -> bytes | None:
        answer = await self._asked("GET", sha256, b"")
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise self._refused("gives no attachment", answer)
        return answer.content

    async def _asked(self, method: str, sha256: str, content: bytes) -> _Answer:
        """The answer, asked for again where the store was not reached or is busy: both requests may be repeated."""
        for tried in range(1, _TRIES + 1):
            try:
                answer = await asyncio.to_thread(self._ask, method, sha256, content)
            except (OSError, http.client.HTTPException) as error:
                if tried == _TRIES:
                    raise StoreUnavailable(f"the store at {self._url.netloc} cannot be reached: {error}") from error
            else:
                if answer.status not in {429, 500, 502, 503, 504} or tried == _TRIES:
                    return answer
            await self._pause(0.2 * 2**tried * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    def _ask(self, method: str, sha256: str, content: bytes) -> _Answer:
        path = f"{self._url.path.rstrip('/')}/{sha256[:2]}/{sha256}"
        headers = authorised(
            method, self._url.netloc, path, {}, payload_sha256=hashlib.sha256(content).hexdigest(),
            credentials=self._credentials, region=self._region, now=self._clock(),
        )  # fmt: skip
        connection = self._connection()
        try:
            connection.request(method, quote(path, safe="/-_.~"), content or None, headers)
            response = connection.getresponse()
            return _Answer(response.status, response.read(MAX_ATTACHMENT + 1))
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
        return http.client.HTTPSConnection(host, port, timeout=_TIMEOUT, context=ssl.create_default_context())

    def _refused(self, what: str, answer: _Answer) -> StoreUnavailable:
        code = answer.content.partition(b"<Code>")[2].partition(b"</Code>")[0][:60].decode("ascii", "replace")
        return StoreUnavailable(f"the store at {self._url.netloc} {what}: HTTP {answer.status} {code}".rstrip())


def _checked(url: str) -> SplitResult:
    found = urlsplit(url)
    if found.scheme not in {"https", "http"} or not found.hostname or not found.path.strip("/"):
        raise _wrong("write s3:https://HOST/BUCKET/PREFIX")
    if found.scheme == "http" and found.hostname not in _LOOPBACK:
        raise _wrong("without TLS a store is asked on this host alone: write s3:https://...")
    if found.username or found.query or found.fragment:
        raise _wrong("keys stand in the environment, and only region= behind the question mark")
    return found


def _wrong(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the store's URL is wrong: {reason}", field="attachments", reason=reason)
