"""A stand-in for Vault's transit engine: its documented answers over HTTP, keys of its own, versions of each."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

__all__ = ["StandInVault", "running_vault"]

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass
class StandInVault:
    """One engine. `high` has it answer with the higher s always, which Vault does by chance."""

    keys: dict[str, list[ec.EllipticCurvePrivateKey]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {"s.maker"})
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    high: bool = True
    sealed: bool = False
    kind: str = "ecdsa-p256"
    url: str = ""

    def answer(self, method: str, path: str, token: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.asked.append((path, body))
        if self.sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if token not in self.tokens:
            return 403, {"errors": ["permission denied"]}
        parts = path.removeprefix("/v1/transit/").split("/")
        versions = self.keys.get(parts[1])
        if versions is None:
            return (404, {"errors": []}) if method == "GET" else (400, {"errors": ["signing key not found"]})
        if method == "GET":
            public = {str(number): {"public_key": _pem(key)} for number, key in enumerate(versions, 1)}
            return 200, {"data": {"type": self.kind, "latest_version": len(versions), "keys": public}}
        assert (parts[0], parts[2], body["prehashed"]) == ("sign", "sha2-256", True)
        assert body["marshaling_algorithm"] == "asn1"
        version = body.get("key_version") or len(versions)
        signature = versions[version - 1].sign(
            base64.b64decode(body["input"], validate=True), ec.ECDSA(Prehashed(hashes.SHA256()))
        )
        r, s = decode_dss_signature(signature)
        if self.high and self.kind == "ecdsa-p256":
            signature = encode_dss_signature(r, max(s, P256_ORDER - s))
        return 200, {"data": {"signature": f"vault:v{version}:{base64.b64encode(signature).decode()}"}}


@contextmanager
def running_vault() -> Iterator[StandInVault]:
    vault = StandInVault()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            token = self.headers.get("X-Vault-Token", "")
            status, said = vault.answer(self.command, self.path, token, json.loads(content or b"{}"))
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _serve  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    vault.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield vault
    finally:
        server.shutdown()
        server.server_close()


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
