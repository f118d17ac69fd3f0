"""Certificate signing requests, and the token by which an enrolled identity signs what it asks a Fabric CA."""

from __future__ import annotations

import hashlib
import ipaddress
from base64 import b64encode
from collections.abc import Sequence
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from hlf_client.identity import AnySigner, Identity, sign_digest

__all__ = ["request_elsewhere", "signing_request", "token"]

_ECDSA_SHA256: Final = bytes.fromhex("300a06082a8648ce3d040302")
_VERSION: Final = b"\x02\x01\x00"
_NO_ATTRIBUTES: Final = b"\xa0\x00"


def signing_request(name: str, key: ec.EllipticCurvePrivateKey, hosts: Sequence[str] = ()) -> bytes:
    """A PKCS#10 request (PEM) for a key of this process."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(_named(name))
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(each) for each in hosts]), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


async def request_elsewhere(name: str, public_key: ec.EllipticCurvePublicKey, signer: AnySigner) -> bytes:
    """A PKCS#10 request (PEM) for a key that never leaves its HSM or key service: `signer` signs it there."""
    spki = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    content = _der(0x30, _VERSION + _named(name).public_bytes() + spki + _NO_ATTRIBUTES)
    signature = await sign_digest(signer, hashlib.sha256(content).digest())
    whole = _der(0x30, content + _ECDSA_SHA256 + _der(0x03, b"\x00" + signature))
    return x509.load_der_x509_csr(whole).public_bytes(Encoding.PEM)


async def token(identity: Identity, method: str, path: str, body: bytes) -> str:
    """What goes into the header Authorization: the certificate, and its key's signature over what is asked."""
    certificate = _text(identity.certificate)
    asked = ".".join((method, _text(path.encode()), _text(body), certificate))
    signature = await sign_digest(identity.signer, hashlib.sha256(asked.encode()).digest())
    return f"{certificate}.{_text(signature)}"


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _text(content: bytes) -> str:
    return b64encode(content).decode()
