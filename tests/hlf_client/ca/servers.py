"""Two Fabric CAs to be asked: the real server as a process, and one in this process that answers as documented."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from hlf_client.identity import CertificateAuthority, NodeRole, Subject, load_certificate, revoke, verify_signature

__all__ = ["ADMIN", "SECRET", "RunningCa", "real_ca", "real_server", "stand_in"]

ADMIN, SECRET = "admin", "adminpw"
_UP_SECONDS: Final = 30.0


@dataclass(frozen=True)
class RunningCa:
    """Where it listens, and what its TLS certificate was issued by (None: no TLS)."""

    url: str
    roots: bytes | None


def real_server() -> str | None:
    """The program fabric-ca-server: named by HLF_FABRIC_CA_SERVER, or on the PATH."""
    return os.environ.get("HLF_FABRIC_CA_SERVER") or shutil.which("fabric-ca-server")


@contextmanager
def real_ca(program: str, folder: Path) -> Iterator[RunningCa]:
    """The real server with SQLite and TLS, on this machine's loopback."""
    port, operations = _free(), _free()
    arguments = ["start", "-b", f"{ADMIN}:{SECRET}", "--address", "127.0.0.1", "-p", str(port), "--tls.enabled",
                 "--csr.hosts", "127.0.0.1", "--operations.listenaddress", f"127.0.0.1:{operations}",
                 "--cfg.identities.allowremove", "--cfg.affiliations.allowremove", "-H", str(folder)]  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([program, *arguments], cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(port, server, folder / "log")
        yield RunningCa(f"https://127.0.0.1:{port}", (folder / "ca-cert.pem").read_bytes())
    finally:
        server.terminate()
        server.wait(10)


def _free() -> int:
    """A port that is free now: the server's own log is the only place where it would tell one of its choice."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _UP_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"fabric-ca-server does not listen: {log.read_text()[-2000:]}")


# -- the stand-in ------------------------------------------------------------------------------------------------------


@dataclass
class _Registered:
    secret: str
    kind: str = "client"
    affiliation: str = ""
    max_enrollments: int = -1
    attrs: list[dict[str, Any]] = field(default_factory=list)
    certificates: list[bytes] = field(default_factory=list)
    revoked: bool = False


class _Refusal(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class _State:
    """One authority, and whom it knows."""

    def __init__(self) -> None:
        start = datetime.now(UTC) - timedelta(minutes=10)
        self.authority = CertificateAuthority.create(Subject("stand-in CA", "ca.example"), now=start)
        powers = ("hf.Registrar.Roles", "hf.Revoker", "hf.GenCRL", "hf.AffiliationMgr")
        self.known = {ADMIN: _Registered(SECRET, attrs=[{"name": each, "value": "true"} for each in powers])}
        self.affiliations = {"org1", "org1.department1"}
        self.revocations: bytes | None = None

    def info(self) -> dict[str, str]:
        return {"CAName": "", "CAChain": _text(self.authority.pem), "Version": "stand-in"}

    def secret_of(self, header: str) -> str:
        name, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        found = self.known.get(name)
        if found is None or found.revoked or found.secret != secret:
            raise _Refusal(401, 20, "Authentication failure")
        return name

    def signer_of(self, header: str, method: str, uri: str, body: bytes) -> str:
        """Who signed the token: the certificate's and the body's signature, as the server checks them."""
        certificate, _, signature = header.partition(".")
        asked = f"{method}.{_text(uri.encode())}.{_text(body)}.{certificate}"
        pem = base64.b64decode(certificate)
        parsed = load_certificate(pem)
        key = parsed.public_key()
        digest = hashlib.sha256(asked.encode()).digest()
        is_ours = self.authority.has_issued(parsed) and isinstance(key, ec.EllipticCurvePublicKey)
        if not is_ours or not verify_signature(key, base64.b64decode(signature), digest):  # type: ignore[arg-type]
            raise _Refusal(401, 20, "Authentication failure")
        name = str(parsed.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)
        if name not in self.known or self.known[name].revoked:
            raise _Refusal(401, 20, "Authentication failure")
        return name

    def needs(self, name: str, power: str) -> None:
        if all(each["name"] != power for each in self.known[name].attrs):
            raise _Refusal(403, 71, "Authorization failure")

    def certify(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        known, request = self.known[name], x509.load_pem_x509_csr(body["certificate_request"].encode())
        assert request.is_signature_valid
        asked = body.get("attr_reqs")
        held = {each["name"]: each for each in known.attrs}
        for each in asked or []:
            if each["name"] not in held and not each.get("optional"):
                raise _Refusal(500, 0, f"Attribute '{each['name']}' was not found for '{name}'")
        wanted = held.keys() & {each["name"] for each in asked} if asked is not None else {
            each for each in held if held[each].get("ecert")}  # fmt: skip
        attributes = {each: str(held[each]["value"]) for each in sorted(wanted)}
        attributes |= {"hf.EnrollmentID": name, "hf.Type": known.kind, "hf.Affiliation": known.affiliation}
        subject, key = Subject(name, "ca.example", NodeRole(known.kind)), request.public_key()
        if body.get("profile") == "tls":
            pem = self.authority.issue_tls(subject, key, body.get("hosts", []))  # type: ignore[arg-type]
        else:
            pem = self.authority.enrol(subject, key, attributes=attributes)  # type: ignore[arg-type]
        known.certificates.append(pem)
        return {"Cert": _text(pem), "ServerInfo": self.info()}

    def register(self, by: str, body: dict[str, Any]) -> dict[str, Any]:
        self.needs(by, "hf.Registrar.Roles")
        if body["id"] in self.known:
            raise _Refusal(
                409, 74, f"Registration of '{body['id']}' failed: Identity '{body['id']}' is already registered"
            )
        if body["affiliation"] and body["affiliation"] not in self.affiliations:
            raise _Refusal(500, 0, f"Registration of '{body['id']}' failed: Failed getting affiliation")
        secret = body.get("secret") or os.urandom(6).hex()
        most = body.get("max_enrollments", -1)
        self.known[body["id"]] = _Registered(secret, body["type"], body["affiliation"], most, list(body["attrs"]))
        return {"secret": secret}

    def revoke(self, by: str, body: dict[str, Any]) -> dict[str, Any]:
        self.needs(by, "hf.Revoker")
        if body.get("id"):
            if body["id"] not in self.known:
                raise _Refusal(404, 63, f"Identity '{body['id']}' was not found")
            known = self.known[body["id"]]
            known.revoked, gone = True, known.certificates
        else:
            everything = [each for known in self.known.values() for each in known.certificates]
            gone = [pem for pem in everything if f"{load_certificate(pem).serial_number:x}" == body["serial"]]
        parsed = [load_certificate(pem) for pem in gone]
        if parsed:
            self.revocations = revoke(self.authority, parsed, before=self.revocations)
        return {
            "RevokedCerts": [{"Serial": f"{each.serial_number:x}", "AKI": _key_of(each)} for each in parsed],
            "CRL": _text(self.revocations or b"") if body.get("gencrl") else "",
        }

    def show(self, name: str) -> dict[str, Any]:
        known = self.known.get(name)
        if known is None:
            raise _Refusal(404, 63, f"Failed to get User: {name}")
        return {"id": name, "type": known.kind, "affiliation": known.affiliation, "attrs": known.attrs,
                "max_enrollments": known.max_enrollments}  # fmt: skip

    def change(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        self.show(name)
        known = self.known[name]
        known.kind, known.secret = body.get("type", known.kind), body.get("secret", known.secret)
        known.affiliation = body.get("affiliation", known.affiliation)
        known.max_enrollments = body.get("max_enrollments", known.max_enrollments)
        changed = {each["name"]: each for each in body.get("attrs", [])}
        kept = [each for each in known.attrs if each["name"] not in changed]
        known.attrs = kept + [each for each in changed.values() if each["value"]]
        return self.show(name)

    def answer(self, method: str, uri: str, header: str, body: bytes) -> dict[str, Any]:
        parts = urlsplit(uri)
        path, query = unquote(parts.path.removeprefix("/api/v1/")), parse_qs(parts.query)
        said = json.loads(body) if body else {}
        if path == "cainfo":
            return self.info()
        if path == "enroll":
            return self.certify(self.secret_of(header), said)
        by = self.signer_of(header, method, uri, body)
        return self.for_enrolled(by, method, path, query, said)

    def for_enrolled(
        self, by: str, method: str, path: str, query: dict[str, list[str]], said: dict[str, Any]
    ) -> dict[str, Any]:
        first, _, name = path.partition("/")
        match (method, first):
            case ("POST", "reenroll"):
                return self.certify(by, said)
            case ("POST", "register"):
                return self.register(by, said)
            case ("POST", "revoke"):
                return self.revoke(by, said)
            case ("POST", "gencrl"):
                self.needs(by, "hf.GenCRL")
                return {"CRL": _text(self.revocations or b"")}
            case ("POST", "affiliations"):
                self.affiliations.add(said["name"])
                return {"name": said["name"]}
            case ("GET", "affiliations"):
                return {"name": "", "affiliations": [{"name": each} for each in sorted(self.affiliations)]}
            case ("GET", "certificates"):
                return {"certs": [{"PEM": pem.decode()} for pem in self.known[query["id"][0]].certificates]}
            case ("GET", "identities"):
                self.needs(by, "hf.Registrar.Roles")
                return self.show(name) if name else {"identities": [self.show(each) for each in self.known]}
            case ("PUT", "identities"):
                return self.change(name, said)
            case ("DELETE", "identities"):
                return self.show(name) | {"secret": self.known.pop(name).secret}
        raise _Refusal(404, 0, "no such endpoint")


@contextmanager
def stand_in() -> Iterator[RunningCa]:
    """A server of the documented answers, in the clear."""
    state = _State()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, errors, result = 200, list[dict[str, Any]](), dict[str, Any]()
            try:
                result = state.answer(self.command, self.path, self.headers.get("Authorization", ""), body)
            except _Refusal as refusal:
                status, errors = refusal.status, [{"code": refusal.code, "message": refusal.message}]
            said = {"result": result, "errors": errors, "messages": [], "success": not errors}
            content = json.dumps(result if "certs" in result else said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield RunningCa(f"http://127.0.0.1:{server.server_port}", None)
    finally:
        server.shutdown()
        server.server_close()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _key_of(certificate: x509.Certificate) -> str:
    found = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    assert found is not None
    assert certificate.public_bytes(Encoding.DER)
    return found.hex()
