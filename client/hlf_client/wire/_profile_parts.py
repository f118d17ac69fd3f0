"""The parts of a connection profile, and how each is read from plain values: an error names the field by its path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn, TypeVar

from hlf_client.errors import InvalidDocument
from hlf_client.identity import plain_pem

__all__ = ["Channel", "Client", "Node", "Organization", "Part", "Pem", "Role", "User"]

PartT = TypeVar("PartT")

_TRUE: Final = frozenset({"true", "yes", "on", "1"})
_FALSE: Final = frozenset({"false", "no", "off", "0"})


@dataclass(frozen=True, slots=True)
class Part:
    """A value in the profile and where it stands."""

    value: object
    path: str = ""

    def refuse(self, reason: str) -> NoReturn:
        """Raise `InvalidDocument` for it."""
        raise InvalidDocument(f"{self.path}: {reason}", field=self.path, reason=reason)

    def at(self, name: str) -> Part | None:
        """What stands below under a name; None for nothing."""
        fields = self._fields()
        return Part(fields[name], self._below(name)) if name in fields else None

    def need(self, name: str) -> Part:
        """What stands below under a name that must be there."""
        return self.at(name) or Part(None, self._below(name)).refuse("is missing")

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.refuse(f"is not text but {_kind(self.value)}")
        return self.value

    def texts(self) -> tuple[str, ...]:
        if not isinstance(self.value, list):
            self.refuse(f"is not a list but {_kind(self.value)}")
        return tuple(Part(each, self._below(str(number))).text() for number, each in enumerate(self.value))

    def truth(self) -> bool:
        """true or false, also as the texts and numbers that stand for them."""
        said = str(self.value).lower() if isinstance(self.value, bool | int | str) else ""
        if said not in _TRUE | _FALSE:
            self.refuse("is neither true nor false")
        return said in _TRUE

    def each(self, read: Callable[[Part], PartT]) -> Mapping[str, PartT]:
        """What stands below, by name."""
        return {name: read(Part(value, self._below(name))) for name, value in self._fields().items()}

    def _fields(self) -> Mapping[str, object]:
        if not isinstance(self.value, dict):
            self.refuse(f"is not a mapping but {_kind(self.value)}")
        for name in self.value:
            if not isinstance(name, str):
                Part(name, self._below(str(name))).refuse(f"its name is not text but {_kind(name)}")
        return self.value

    def _below(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def _kind(value: object) -> str:
    match value:
        case None:
            return "empty"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return "text"
        case bool() | int() | float():
            return "a number" if not isinstance(value, bool) else "true or false"
        case _:
            return f"a {type(value).__name__}"


def _texts(part: Part | None) -> tuple[str, ...]:
    return part.texts() if part is not None else ()


@dataclass(frozen=True, slots=True)
class Pem:
    """A PEM in the profile, or the path of one."""

    pem: str | None = None
    path: str | None = None

    @classmethod
    def of(cls, part: Part | None) -> Pem:
        """`pem` or `path`; text alone is a path, as fabric-sdk-py's profiles have it."""
        if part is None:
            return cls()
        if isinstance(part.value, str):
            return cls(path=part.value)
        return cls(_pem(part.at("pem")), _optional(part.at("path")))

    def read(self, beside: Path) -> bytes | None:
        """The PEM itself, also where the profile or the file has it in base64."""
        if self.pem is not None:
            return plain_pem(self.pem.encode())
        if self.path is None:
            return None
        path = beside / self.path
        try:
            return plain_pem(path.read_bytes())
        except OSError as error:
            raise InvalidDocument(f"{path} cannot be read: {error.strerror}", field="path") from None


def _pem(part: Part | None) -> str | None:
    """Text, or a list of texts."""
    if part is None or part.value is None:
        return None
    return "\n".join(part.texts()) if isinstance(part.value, list) else part.text()


def _optional(part: Part | None) -> str | None:
    return None if part is None or part.value is None else part.text()


@dataclass(frozen=True, slots=True)
class User:
    """A user's certificate and key; also this client's for mutual TLS."""

    cert: Pem = field(default_factory=Pem)
    key: Pem = field(default_factory=Pem)

    @classmethod
    def of(cls, part: Part | None) -> User:
        return cls() if part is None else cls(Pem.of(part.at("cert")), Pem.of(part.at("key") or part.at("private_key")))


@dataclass(frozen=True, slots=True)
class Organization:
    mspid: str
    peers: tuple[str, ...]
    users: Mapping[str, User]

    @classmethod
    def of(cls, part: Part) -> Organization:
        users = part.at("users")
        return cls(part.need("mspid").text(), _texts(part.at("peers")), users.each(User.of) if users else {})


@dataclass(frozen=True, slots=True)
class Node:
    """A peer or an orderer. `options` are gRPC's, and what SDKs mix with them."""

    url: str
    tls: Pem
    options: Mapping[str, object]
    client: User = field(default_factory=User)
    """What this client shows to this node, where the profile says it for each (fabric-sdk-py)."""

    @classmethod
    def of(cls, part: Part) -> Node:
        options = part.at("grpcOptions")
        values = options.each(lambda each: each.value) if options else {}
        client = User(Pem.of(part.at("clientCert")), Pem.of(part.at("clientKey")))
        return cls(part.need("url").text(), Pem.of(part.at("tlsCACerts")), values, client)


@dataclass(frozen=True, slots=True)
class Client:
    organization: str
    tls: User

    @classmethod
    def of(cls, part: Part) -> Client:
        certificates = part.at("tlsCerts")
        return cls(part.need("organization").text(), User.of(certificates.at("client") if certificates else None))


@dataclass(frozen=True, slots=True)
class Role:
    """What a peer does on a channel."""

    endorses: bool

    @classmethod
    def of(cls, part: Part) -> Role:
        endorses = part.at("endorsingPeer")
        return cls(endorses.truth() if endorses else True)


@dataclass(frozen=True, slots=True)
class Channel:
    peers: Mapping[str, Role]
    orderers: tuple[str, ...]

    @classmethod
    def of(cls, part: Part) -> Channel:
        peers = part.at("peers")
        return cls(peers.each(Role.of) if peers else {}, _texts(part.at("orderers")))
