"""A stand-in of S3's documented interface on loopback: one bucket, objects put and got, signatures checked.

The check is written from the documentation of Signature Version 4, apart from the client's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["ACCESS", "SECRET", "Bucket", "bucket"]

ACCESS = "AKIDOFATEST"
SECRET = "a/secret+of/a+test"
_FIELDS = re.compile(r"AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})")


@dataclass
class Bucket:
    """What was stored and asked; `failures` are answered instead, one each."""

    url: str
    objects: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    authorised: list[tuple[str, str]] = field(default_factory=list)
    """Of each request that was signed rightly: its region, and the token that was signed with it."""


def _key(secret: str, *parts: str) -> bytes:
    found = ("AWS4" + secret).encode()
    for part in parts:
        found = hmac.new(found, part.encode(), hashlib.sha256).digest()
    return found


def _trouble(handler: BaseHTTPRequestHandler, body: bytes) -> str:
    """Why a request is refused, as the interface names it; "" where it is not."""
    match = _FIELDS.fullmatch(handler.headers.get("Authorization", ""))
    if match is None:
        return "MissingSecurityHeader"
    access, day, region, service, end = match[1].split("/")
    if (access, service, end) != (ACCESS, "s3", "aws4_request"):
        return "InvalidAccessKeyId"
    if handler.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
        return "XAmzContentSHA256Mismatch"
    if not {"host", "x-amz-content-sha256", "x-amz-date"} <= set(match[2].split(";")):
        return "AccessDenied"
    lines = [f"{name}:{handler.headers[name].strip()}" for name in match[2].split(";")]
    canonical = [handler.command, handler.path, "", *lines, "", match[2], hashlib.sha256(body).hexdigest()]
    hashed = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
    scope = f"{day}/{region}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", handler.headers["x-amz-date"], scope, hashed])
    right = hmac.new(_key(SECRET, day, region, "s3", "aws4_request"), text.encode(), hashlib.sha256).hexdigest()
    return "" if hmac.compare_digest(right, match[3]) else "SignatureDoesNotMatch"


def _signed(handler: BaseHTTPRequestHandler) -> tuple[str, str]:
    """The region that a request was signed for, and its token where that was signed, too."""
    match = _FIELDS.fullmatch(handler.headers.get("Authorization", ""))
    assert match is not None
    token = "x-amz-security-token"
    return match[1].split("/")[2], handler.headers.get(token, "") if token in match[2].split(";") else ""


@contextmanager
def bucket() -> Iterator[Bucket]:
    """A bucket that is there as long as the context is."""
    made = Bucket("")

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Nothing to say."""

        def _answer(self, status: int, content: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.asked.append(f"{self.command} {self.path}")
            if made.failures:
                self._answer(made.failures.pop(0))
            elif trouble := _trouble(self, body):
                self._answer(403, f"<Error><Code>{trouble}</Code></Error>".encode())
            else:
                made.authorised.append(_signed(self))
                self._give(body)

        def _give(self, body: bytes) -> None:
            if self.command == "PUT":
                made.objects[self.path] = body
                self._answer(200)
            elif self.path in made.objects:
                self._answer(200, made.objects[self.path])
            else:
                self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

        do_GET = do_PUT = _take  # noqa: N815 - http.server's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/papers/of the bank"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
