"""Keys in HashiCorp Vault or OpenBao: the transit engine signs, the key never leaves it.

    async with VaultSigner("https://vault:8200", token=token, key="maker", certificate=certificate) as signer:
        identity = Identity("EximbankMSP", certificate, signer)

A worked example of a signer elsewhere: digest out, DER back, s made low, the version of the key that the certificate is
for. Cloud services differ in the call alone (docs/sdk/hsm.md).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from hlf_client._https import Https
from hlf_client.errors import LedgerUnavailable, NotAuthorized
from hlf_client.identity.signer import low_s_of
from hlf_client.identity.trust import load_certificate

__all__ = ["VaultSigner"]

_KINDS: Final = frozenset({"ecdsa-p256", "ecdsa-p384"})
_DENIED: Final = frozenset({400, 401, 403, 404, 405})


class VaultSigner:
    """An ECDSA key (P-256 or P-384) of a transit engine.

    `certificate` (PEM) says which version of the key signs: after a rotation the old one goes on for the certificate
    that it belongs to. Without it, the newest version that Vault had at the first signature. `token` may be a function,
    asked at each call, for tokens that are renewed. `mount` is where the engine is, `namespace` Vault Enterprise's.

    Raises `NotAuthorized` where token, key or certificate do not fit, `LedgerUnavailable` where Vault does not sign.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | Callable[[], str],
        key: str,
        certificate: bytes | None = None,
        mount: str = "transit",
        namespace: str = "",
        roots: bytes | None = None,
        seconds: float = 10.0,
    ) -> None:
        self._https = Https(url, roots=roots, seconds=seconds)
        self._token = token
        self._key, self._mount, self._namespace = quote(key, safe=""), quote(mount, safe="/"), namespace
        self._wanted = load_certificate(certificate).public_key() if certificate is not None else None
        self._chosen: tuple[int, ec.EllipticCurvePublicKey] | None = None
        self._choosing = asyncio.Lock()

    async def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public key of the version that signs."""
        return (await self._version())[1]

    async def sign(self, digest: bytes) -> bytes:
        version, public_key = await self._version()
        asked = {
            "input": base64.b64encode(digest).decode(),
            "prehashed": True,
            "marshaling_algorithm": "asn1",
            "key_version": version,
        }
        said = await self._ask("POST", f"sign/{self._key}/sha2-256", asked)
        name, _, text = str(said.get("signature")).rpartition(":")
        try:
            signature = base64.b64decode(text, validate=True)
            if name != f"vault:v{version}":
                raise ValueError
            return low_s_of(signature, public_key.curve.name)
        except (binascii.Error, ValueError):
            raise LedgerUnavailable(f"{self._https.url} answers with no signature of version {version}") from None

    async def _version(self) -> tuple[int, ec.EllipticCurvePublicKey]:
        async with self._choosing:
            if self._chosen is None:
                self._chosen = await self._choose()
        return self._chosen

    async def _choose(self) -> tuple[int, ec.EllipticCurvePublicKey]:
        said = await self._ask("GET", f"keys/{self._key}")
        if said.get("type") not in _KINDS:
            raise NotAuthorized(f"the key {self._key} in Vault is {said.get('type')}: Fabric takes ecdsa-p256 or -p384")
        found = dict(sorted(_versions(said.get("keys")).items()))
        if not found:
            raise NotAuthorized(f"Vault shows no version of the key {self._key}")
        if self._wanted is None:
            return found.popitem()
        for version, public_key in found.items():
            if public_key == self._wanted:
                return version, public_key
        raise NotAuthorized(f"no version of the key {self._key} in Vault ({len(found)}) is the certificate's")

    async def _ask(self, method: str, path: str, asked: Mapping[str, object] | None = None) -> Mapping[str, object]:
        headers = {"X-Vault-Token": self._token if isinstance(self._token, str) else self._token()}
        if self._namespace:
            headers["X-Vault-Namespace"] = self._namespace
        body = None if asked is None else json.dumps(asked).encode()
        answer = await self._https.ask(method, f"/v1/{self._mount}/{path}", body=body, headers=headers)
        said = _content(answer.body)
        if answer.status != 200:
            errors = said.get("errors")
            words = "; ".join(map(str, errors)) if isinstance(errors, list) and errors else f"status {answer.status}"
            refused: type[NotAuthorized | LedgerUnavailable] = LedgerUnavailable
            if answer.status in _DENIED:
                refused = NotAuthorized
            raise refused(f"Vault does not sign with {self._key}: {words}")
        data = said.get("data")
        return data if isinstance(data, dict) else {}

    async def close(self) -> None:
        """Close the connections to Vault."""
        self._https.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"VaultSigner({self._key})"


def _content(body: bytes) -> dict[str, object]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _versions(said: object) -> dict[int, ec.EllipticCurvePublicKey]:
    """The public keys by version."""
    found = dict[int, ec.EllipticCurvePublicKey]()
    for version, each in said.items() if isinstance(said, dict) else ():
        try:
            key = load_pem_public_key(str(each["public_key"]).encode())
            if isinstance(key, ec.EllipticCurvePublicKey):
                found[int(version)] = key
        except (KeyError, TypeError, ValueError, UnsupportedAlgorithm):
            continue
    return found
