"""What an enrolled identity asks a Fabric CA for others: to register, to change, to revoke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from cryptography import x509

from hlf_client.ca._conversation import Conversation, decoded, text_of
from hlf_client.ca._values import Attribute, RegisteredIdentity, Revocation, RevokedCertificate
from hlf_client.errors import InvalidDocument
from hlf_client.identity import Identity, load_certificate

__all__ = ["Registrar"]


class Registrar:
    """One identity's rights at a CA; the CA decides what they are. Made by `CaClient.registrar`."""

    def __init__(self, asking: Conversation, identity: Identity) -> None:
        self._asking = asking
        self._identity = identity

    # -- who there is ----------------------------------------------------------------------------------------------

    async def register(
        self,
        name: str,
        *,
        kind: str = "client",
        affiliation: str = "",
        attributes: Sequence[Attribute] = (),
        max_enrolments: int | None = None,
        secret: str = "",
    ) -> str:
        """Let a name enrol; the secret for it, made by the CA where none is given.

        `kind` becomes the organisational unit of its certificates, by which NodeOUs tell client, peer, orderer and
        admin.
        """
        wanted: dict[str, object] = {
            "id": name,
            "type": kind,
            "affiliation": affiliation,
            "attrs": _written(attributes),
        }
        if max_enrolments is not None:
            wanted["max_enrollments"] = max_enrolments
        if secret:
            wanted["secret"] = secret
        return text_of(await self._post("register", wanted, f"register {name}"), "secret")

    async def identity(self, name: str) -> RegisteredIdentity:
        """Somebody whom the CA knows. Raises `CaNotFound`."""
        said = await self._ask("GET", f"identities/{quote(name, safe='')}", f"look {name} up")
        return _registered(said)

    async def identities(self) -> tuple[RegisteredIdentity, ...]:
        """Everybody in the registrar's affiliation and below."""
        said = (await self._ask("GET", "identities", "list who is registered")).get("identities")
        return tuple(_registered(each) for each in said if isinstance(each, dict)) if isinstance(said, list) else ()

    async def change(
        self,
        name: str,
        *,
        kind: str = "",
        affiliation: str = "",
        attributes: Sequence[Attribute] = (),
        max_enrolments: int | None = None,
        secret: str = "",
    ) -> RegisteredIdentity:
        """Change what is named here. An attribute with the value "" is taken away; others stay."""
        named = {"type": kind, "affiliation": affiliation, "secret": secret, "attrs": _written(attributes)}
        wanted: dict[str, object] = {key: value for key, value in named.items() if value}
        if max_enrolments is not None:
            wanted["max_enrollments"] = max_enrolments
        path = f"identities/{quote(name, safe='')}"
        return _registered(await self._ask("PUT", path, f"change {name}", self._asking.body(wanted)))

    async def remove(self, name: str, *, force: bool = False) -> None:
        """Forget a name and revoke its certificates, where the server allows that; `force` also for oneself."""
        query = {"force": "true"} if force else {}
        await self._ask("DELETE", f"identities/{quote(name, safe='')}", f"remove {name}", query=query)

    async def affiliations(self) -> tuple[str, ...]:
        """The affiliations by their full names (`org1.department1`), those above first."""
        return tuple(_below(await self._ask("GET", "affiliations", "list the affiliations")))

    async def add_affiliation(self, name: str) -> None:
        """Add one, and those above it where they are missing."""
        body = self._asking.body({"name": name})
        await self._ask("POST", "affiliations", f"add the affiliation {name}", body, query={"force": "true"})

    # -- what does not hold any more --------------------------------------------------------------------------------

    async def certificates(self, name: str) -> tuple[bytes, ...]:
        """The certificates (PEM) that were issued to a name, revoked and expired ones too."""
        said = (await self._ask("GET", "certificates", f"list {name}'s certificates", query={"id": name})).get("certs")
        found = said if isinstance(said, list) else []
        return tuple(text_of(each, "PEM").encode() for each in found if isinstance(each, dict))

    async def revoke(
        self,
        name: str = "",
        *,
        certificate: bytes | None = None,
        reason: str = "unspecified",
        with_list: bool = False,
    ) -> Revocation:
        """Void all certificates of a name, who then cannot enrol any more, or one certificate (PEM) alone.

        `reason` is one of RFC 5280's (`keycompromise`, `superseded`...). `with_list` brings the CA's whole revocation
        list, which needs the right `hf.GenCRL` too. Peers heed it when it stands in the channels' MSP
        (`network revoke` in hlf-network).
        """
        if bool(name) is (certificate is not None):
            raise InvalidDocument("name whom to revoke, or give one certificate", field="name", reason="which of two")
        wanted: dict[str, object] = {"reason": reason, "gencrl": with_list}
        wanted |= {"id": name} if certificate is None else _serial_of(certificate)
        said = await self._post("revoke", wanted, f"revoke {name or 'a certificate'}")
        revoked = said.get("RevokedCerts")
        return Revocation(
            tuple(
                RevokedCertificate(text_of(each, "Serial"), text_of(each, "AKI"))
                for each in (revoked if isinstance(revoked, list) else [])
                if isinstance(each, dict)
            ),
            decoded(said, "CRL"),
        )

    async def revocation_list(
        self, *, revoked_after: datetime | None = None, expires_after: datetime | None = None
    ) -> bytes:
        """The CA's revocation list (PEM): what is revoked and has not expired, unless asked for less."""
        wanted: dict[str, object] = {}
        for field, moment in (("revokedafter", revoked_after), ("expireafter", expires_after)):
            if moment is not None:
                wanted[field] = moment.isoformat()
        return decoded(await self._post("gencrl", wanted, "make a revocation list"), "CRL")

    async def _post(self, path: str, wanted: Mapping[str, object], doing: str) -> dict[str, object]:
        return await self._ask("POST", path, doing, self._asking.body(wanted))

    async def _ask(
        self, method: str, path: str, doing: str, body: bytes | None = None, *, query: Mapping[str, str] | None = None
    ) -> dict[str, object]:
        return await self._asking.ask(method, path, doing=doing, body=body, query=query, identity=self._identity)


def _written(attributes: Sequence[Attribute]) -> list[dict[str, object]]:
    return [{"name": each.name, "value": each.value, "ecert": each.in_certificate} for each in attributes]


def _registered(said: Mapping[str, object]) -> RegisteredIdentity:
    attributes, most = said.get("attrs"), said.get("max_enrollments")
    found = [each for each in attributes if isinstance(each, dict)] if isinstance(attributes, list) else []
    return RegisteredIdentity(
        name=text_of(said, "id"),
        kind=text_of(said, "type"),
        affiliation=text_of(said, "affiliation"),
        max_enrolments=most if isinstance(most, int) else 0,
        attributes={text_of(each, "name"): text_of(each, "value") for each in found},
    )


def _below(said: Mapping[str, object]) -> list[str]:
    """An affiliation and all below it. The one above all has no name."""
    name, below = text_of(said, "name"), said.get("affiliations")
    found = [name] if name else []
    for each in below if isinstance(below, list) else []:
        if isinstance(each, dict):
            found += _below(each)
    return found


def _serial_of(pem: bytes) -> dict[str, object]:
    certificate = load_certificate(pem)
    try:
        authority = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    except x509.ExtensionNotFound:
        authority = None
    if authority is None:
        raise InvalidDocument("the certificate does not say which key issued it", field="certificate", reason="no AKI")
    return {"serial": f"{certificate.serial_number:x}", "aki": authority.hex()}
