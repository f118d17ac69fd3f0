"""Connection profiles: how an organisation's applications find their peers, in the form that Fabric's SDKs share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import SplitResult, urlsplit

from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.identity import Identity, NodeRole, load_certificate, read_identity, signer_from_pem, units_of
from hlf_client.wire._profile_parts import Channel, Client, Node, Organization, Part, Pem, User
from hlf_client.wire.endpoint import Endpoint

__all__ = ["Profile"]

_MAX_BYTES = 1024 * 1024
_HOSTS = ("ssl-target-name-override", "hostnameOverride", "grpc.ssl_target_name_override")
"""Where SDKs say the name that stands in a node's certificate."""
_SUFFIXES = (".yaml", ".yml", ".json")
_ADMINISTRATOR: Final = re.compile(r"admin(istrator)?s?(?![a-z])", re.IGNORECASE)
"""How tools name administrators: admin, Admin, Admin@org1.example.com, org1admin, peer-admin, administrator."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A common connection profile, as `eximledger network` and other tools write it."""

    client: Client
    organizations: Mapping[str, Organization]
    peers: Mapping[str, Node]
    channels: Mapping[str, Channel]
    orderers: Mapping[str, Node]
    folder: Path = Path()
    """What relative paths in it start from."""

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """From a YAML or JSON file. Raises `InvalidDocument` naming the field that is wrong."""
        path = Path(path)
        try:
            with path.open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
        except OSError as error:
            raise InvalidDocument(f"{path} cannot be read: {error.strerror}", field="ledger") from None
        if len(data) > _MAX_BYTES:
            raise InvalidDocument(f"{path} is no connection profile: it is too large", field="ledger")
        return cls.parse(data, name=str(path), folder=path.resolve().parent)

    @classmethod
    def find(cls, path: str | Path, organization: str) -> Self:
        """The profile of an organisation: at `path`, in a folder of profiles, or beside another one's.

        Raises `InvalidDocument` when there is none.
        """
        path = Path(path)
        if path.is_file():
            profile = cls.read(path)
            if organization in {"", profile.organization, profile.msp_id}:
                return profile
        folder = path if path.is_dir() else path.parent
        if not organization and path.is_dir():
            return cls._only_one(folder)
        for suffix in _SUFFIXES:
            beside = folder / f"{organization}{suffix}"
            if beside.is_file():
                return cls.read(beside)
        raise InvalidDocument(
            f"there is no connection profile of {organization or 'anybody'} at {path}: name its file, or the folder "
            "where `eximledger network` wrote the profiles",
            field="ledger",
            reason="no such profile",
        )

    @classmethod
    def _only_one(cls, folder: Path) -> Self:
        found = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES)
        if len({path.stem for path in found}) != 1:
            names = ", ".join(path.name for path in found) or "none"
            raise InvalidDocument(f"{folder} has not exactly one connection profile (it has {names}): name a file or a "
                                  "member", field="ledger", reason="which profile")  # fmt: skip
        return cls.read(found[0])

    @classmethod
    def parse(cls, data: bytes, *, name: str = "the profile", folder: Path = Path()) -> Self:
        """From the bytes of YAML or JSON."""
        import yaml

        from hlf_client._yaml import compose_yaml, construct_yaml

        try:
            content = construct_yaml(compose_yaml(data))
        except yaml.YAMLError as error:
            reason = str(error).partition("\n")[0]
            raise InvalidDocument(f"{name} is neither YAML nor JSON: {reason}", field="ledger") from None
        if not isinstance(content, dict):
            raise InvalidDocument(f"{name} is no connection profile", field="ledger")
        try:
            profile = cls._of(Part(content), folder)
        except InvalidDocument as error:
            raise InvalidDocument(f"{name}: {error}", field=error.field, reason=error.reason) from None
        profile._own()
        return profile

    @classmethod
    def _of(cls, whole: Part, folder: Path) -> Self:
        channels, orderers = whole.at("channels"), whole.at("orderers")
        return cls(
            client=Client.of(whole.need("client")),
            organizations=whole.need("organizations").each(Organization.of),
            peers=whole.need("peers").each(Node.of),
            channels=channels.each(Channel.of) if channels else {},
            orderers=orderers.each(Node.of) if orderers else {},
            folder=folder,
        )

    def _own(self) -> Organization:
        found = self.organizations.get(self.client.organization) or self._spelt_otherwise()
        if found is None:
            name = self.client.organization
            raise InvalidDocument(f"the profile's client is of {name!r}, which it does not describe", field="client")
        return found

    def _spelt_otherwise(self) -> Organization | None:
        """The organisation that the client means by its MSP or by the first part of its name, where that is one."""
        said = self.client.organization.lower()
        found = [
            each
            for name, each in self.organizations.items()
            if said in {name.lower(), name.lower().partition(".")[0], each.mspid.lower()}
        ]
        return found[0] if len(found) == 1 else None

    @property
    def organization(self) -> str:
        """The name of the organisation whose profile this is."""
        return self.client.organization

    @property
    def msp_id(self) -> str:
        return self._own().mspid

    def msp_of(self, name: str) -> str:
        """The MSP of an organisation that is called by its name; an MSP stays what it is."""
        found = self.organizations.get(name)
        return found.mspid if found is not None else name

    @property
    def channel_names(self) -> Sequence[str]:
        """The channels that it names, sorted."""
        return tuple(sorted(self.channels))

    @property
    def users(self) -> Sequence[str]:
        """The users of its organisation whose certificate and key it names."""
        return tuple(self._own().users)

    @property
    def default_user(self) -> str:
        """Who acts when no user is named: its first one that is no administrator, by name and by certificate.

        Raises `NotAuthorized` where there is no such user: nobody is an administrator by leaving something out.
        """
        for name, user in self._own().users.items():
            if not _ADMINISTRATOR.search(name) and not self._administers(user):
                return name
        known = ", ".join(self.users) or "nobody"
        raise NotAuthorized(
            f"the profile of {self.organization} names no user but administrators ({known}): say in whose name to act"
        )

    def _administers(self, user: User) -> bool:
        """Whether the user's certificate has an administrator's role. What cannot be read says so when it is used."""
        try:
            certificate = user.cert.read(self.folder)
            return certificate is not None and NodeRole.ADMIN in units_of(load_certificate(certificate))
        except (InvalidDocument, NotAuthorized):
            return False

    def identity(self, name: str) -> Identity:
        """A user of the profile's organisation by name, or the MSP folder at a path.

        Raises `NotAuthorized` when there is no such user or the key does not fit.
        """
        own = self._own()
        user = own.users.get(name)
        if user is None:
            folder = Path(name)
            if (folder / "signcerts").is_dir():
                return read_identity(own.mspid, folder)
            known = ", ".join(self.users) or "none"
            raise NotAuthorized(
                f"the profile of {self.organization} has no user {name!r} (it has {known}), and there is no MSP folder "
                "of that name"
            )
        certificate, key = user.cert.read(self.folder), user.key.read(self.folder)
        if certificate is None or key is None:
            raise NotAuthorized(f"the profile names no certificate or no key for {name}")
        try:
            return Identity(own.mspid, certificate, signer_from_pem(key))
        except ValueError as error:
            raise NotAuthorized(f"the key of {name} cannot be used: {error}") from None

    def endpoints(self) -> list[Endpoint]:
        """The gateway peers of its organisation, in order."""
        return [self._endpoint("peer", name) for name in self._own().peers]

    def endorsers(self, channel: str) -> dict[str, list[Endpoint]]:
        """The endorsing peers on a channel by their MSP; where the profile does not say which, all that it knows."""
        roles = self.channels[channel].peers if channel in self.channels else {}
        endorsing = [name for name, role in roles.items() if role.endorses] or list(self.peers)
        found = {
            organization.mspid: [self._endpoint("peer", name) for name in organization.peers if name in endorsing]
            for organization in self.organizations.values()
        }
        return {msp_id: endpoints for msp_id, endpoints in found.items() if endpoints}

    def ordering(self, channel: str) -> list[Endpoint]:
        """The orderers of a channel; where the profile does not say which, all that it knows."""
        named = self.channels[channel].orderers if channel in self.channels else ()
        return [self._endpoint("orderer", name) for name in named or self.orderers]

    def _endpoint(self, kind: Literal["peer", "orderer"], name: str) -> Endpoint:
        node = (self.peers if kind == "peer" else self.orderers).get(name)
        field = f"{kind}s.{name}"
        if node is None:
            raise InvalidDocument(f"the profile does not say where {kind} {name} is", field=field)
        url = _split(node.url if "://" in node.url else f"{_scheme(node)}://{node.url}")
        if url is None or url.scheme not in {"grpc", "grpcs"} or not url.netloc:
            reason = f"{node.url!r} is not grpcs://HOST:PORT"
            raise InvalidDocument(f"{kind} {name}: {reason}", field=f"{field}.url", reason=reason)
        secure = url.scheme == "grpcs"
        host = next((node.options[each] for each in _HOSTS if node.options.get(each)), "")
        tls = self.client.tls if self.client.tls != User() else node.client
        return Endpoint(
            address=url.netloc,
            roots=(node.tls.read(self.folder) or b"") if secure else None,
            host=str(host),
            name=name,
            certificate=tls.cert.read(self.folder) if secure else None,
            key=tls.key.read(self.folder) if secure else None,
            options=tuple(_channel_arguments(node.options)),
        )


def _scheme(node: Node) -> str:
    """TLS where the profile names who issued the node's certificate."""
    return "grpcs" if node.tls != Pem() else "grpc"


def _split(url: str) -> SplitResult | None:
    """None for what is no URL at all, such as `grpcs://[::1`."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _channel_arguments(options: Mapping[str, object]) -> Iterator[tuple[str, int | str]]:
    """gRPC's own among a peer's options, which SDKs mix with theirs."""
    for name, value in options.items():
        if name.startswith("grpc.") and isinstance(value, int | str):
            yield name, value
