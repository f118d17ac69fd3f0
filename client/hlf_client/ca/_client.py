"""The questions to a Fabric CA that need a secret or nothing; what needs a certificate is a `Registrar`'s."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ec

from hlf_client._https import Https
from hlf_client.ca._conversation import Conversation, decoded, text_of
from hlf_client.ca._registrar import Registrar
from hlf_client.ca._requests import signing_request
from hlf_client.ca._values import Authority, Enrolment
from hlf_client.errors import InvalidDocument
from hlf_client.identity import Identity, generate_key

__all__ = ["CaClient"]


class CaClient:
    """One authority of a Fabric CA server. `name` chooses among several that a server has; "" is its default.

    `roots` (PEM) issued the server's TLS certificate: often `tls-cert.pem` or the CA's own certificate. Its refusals
    are those of `hlf_client.ca.errors`; `LedgerUnavailable` is raised where nobody answers within `seconds`.
    """

    def __init__(self, url: str, *, name: str = "", roots: bytes | None = None, seconds: float = 30.0) -> None:
        self._https = Https(url, roots=roots, seconds=seconds)
        self._asking = Conversation(self._https, name)

    async def authority(self) -> Authority:
        """Who it is, and the certificates by which others check what it issues."""
        said = await self._asking.ask("GET", "cainfo", doing=f"ask {self._https.url} who it is")
        return _authority(said)

    async def enrol(
        self,
        name: str,
        secret: str,
        *,
        key: ec.EllipticCurvePrivateKey | None = None,
        request: bytes | None = None,
        hosts: Sequence[str] = (),
        profile: str = "",
        attributes: Mapping[str, bool] | None = None,
    ) -> Enrolment:
        """A certificate for a registered name and its secret: for `key`, for a new one, or by a `request` (PKCS#10,
        PEM) for a key elsewhere.

        `hosts` are the names of a TLS certificate (`profile="tls"`). `attributes` asks for some to stand in it, each
        with whether the CA must have it; without, those stand in it that were registered so.
        """
        used, asked = _request(name, key, request, hosts)
        body = self._asking.body(_wanted(asked, hosts, profile, attributes))
        secrets = {"Authorization": "Basic " + b64encode(f"{name}:{secret}".encode()).decode()}
        said = await self._asking.ask("POST", "enroll", body=body, headers=secrets, doing=f"enrol {name}")
        return Enrolment(decoded(said, "Cert"), used, _authority(said.get("ServerInfo")))

    async def enrol_again(
        self,
        identity: Identity,
        name: str,
        *,
        key: ec.EllipticCurvePrivateKey | None = None,
        request: bytes | None = None,
        hosts: Sequence[str] = (),
        profile: str = "",
        attributes: Mapping[str, bool] | None = None,
    ) -> Enrolment:
        """Another certificate for who has one, without a secret; `name` is the enrolment id. The old one holds on."""
        used, asked = _request(name, key, request, hosts)
        body = self._asking.body(_wanted(asked, hosts, profile, attributes))
        said = await self._asking.ask("POST", "reenroll", body=body, identity=identity, doing=f"enrol {name} again")
        return Enrolment(decoded(said, "Cert"), used, _authority(said.get("ServerInfo")))

    def registrar(self, identity: Identity) -> Registrar:
        """What this identity may ask for others, as the CA sees its rights (`hf.Registrar.Roles`, `hf.Revoker`...)."""
        return Registrar(self._asking, identity)

    async def close(self) -> None:
        """Close its connections."""
        self._https.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _request(
    name: str, key: ec.EllipticCurvePrivateKey | None, request: bytes | None, hosts: Sequence[str]
) -> tuple[ec.EllipticCurvePrivateKey | None, bytes]:
    if request is None:
        used = key or generate_key()
        return used, signing_request(name, used, hosts)
    if key is not None:
        raise InvalidDocument("give a key or a request, not both", field="request", reason="beside a key")
    return None, request


def _wanted(
    request: bytes, hosts: Sequence[str], profile: str, attributes: Mapping[str, bool] | None
) -> dict[str, object]:
    wanted: dict[str, object] = {"certificate_request": request.decode("ascii")}
    if hosts:
        wanted["hosts"] = list(hosts)
    if profile:
        wanted["profile"] = profile
    if attributes is not None:
        wanted["attr_reqs"] = [{"name": each, "optional": not needed} for each, needed in attributes.items()]
    return wanted


def _authority(said: object) -> Authority:
    fields = said if isinstance(said, dict) else {}
    return Authority.of(text_of(fields, "CAName"), text_of(fields, "Version"), decoded(fields, "CAChain"))
