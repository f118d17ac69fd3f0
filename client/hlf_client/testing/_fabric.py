"""Fabric in a process: organisations, users, channels, chaincodes, policies and collections in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from hlf_chaincode.contract import Chaincode
from hlf_client._clock import Clock, utc_now
from hlf_client.embedded import (
    ChaincodeDefinition,
    ChannelDefinition,
    Collection,
    ConsortiumDefinition,
    HostedConsortium,
    Organization,
    User,
    open_network,
)
from hlf_client.errors import InvalidDocument
from hlf_client.identity import Identity, NodeRole
from hlf_client.sync import Ledger as SyncLedger
from hlf_client.testing._clock import RecordedClock
from hlf_client.testing._faults import Faults, FaultyLedger

__all__ = ["Fabric"]

_USERS = ("User1", "Admin")


class Fabric:
    """A network in memory, its chaincodes on every channel.

    with Fabric(basic) as fabric:
        fabric.connect_sync("Org1").submit("mychannel", "CreateAsset", "asset1", "blue")

    `organizations` are names, or names with their users; `Org1` is `Org1MSP` with `User1` and `Admin`. `channels` are
    names, or names with their members. `policies` and `collections` are by chaincode. Strict: every endorser runs a
    transaction for itself, and a contract that is not deterministic fails. A contract's bug comes with its traceback.
    """

    def __init__(
        self,
        *chaincodes: Chaincode,
        organizations: Sequence[str] | Mapping[str, Sequence[str | User]] = ("Org1", "Org2"),
        channels: Sequence[str] | Mapping[str, Sequence[str]] = ("mychannel",),
        policy: str = "MAJORITY Endorsement",
        policies: Mapping[str, str] | None = None,
        collections: Mapping[str, Sequence[Collection]] | None = None,
        clock: Clock = utc_now,
        strict: bool = True,
    ) -> None:
        _require_names("chaincode", [each.name for each in chaincodes])
        _require_names("organisation", list(organizations))
        _require_names("channel", list(channels))
        for chaincode in chaincodes:
            chaincode.debug = True
        people = _named(organizations, _USERS)
        try:
            definitions = tuple(
                ChaincodeDefinition(
                    name=each.name,
                    policy=(policies or {}).get(each.name, policy),
                    collections=tuple((collections or {}).get(each.name, ())),
                )
                for each in chaincodes
            )
            definition = ConsortiumDefinition(
                organizations=tuple(_organization(name, users) for name, users in people.items()),
                channels=tuple(
                    ChannelDefinition(name=name, members=tuple(members), chaincodes=definitions)
                    for name, members in _named(channels, tuple(people)).items()
                ),
            )
        except ValidationError as error:
            raise _told(error) from None
        self.faults = Faults()
        self._definition = definition
        self._chaincode = chaincodes[0].name
        self._clock = clock
        self._network = open_network(None, HostedConsortium(definition, lambda: chaincodes), strict=strict, clock=clock)

    def identity(self, name: str) -> Identity:
        """`Org1` (its first user) or `Org1/Admin`. Raises `NotAuthorized` for who is not there."""
        organization, _, user = name.partition("/")
        first = {each.name: each.default_user for each in self._definition.organizations}
        return self._network.identity(organization, user or first.get(organization, ""))

    def connect(self, name: str = "", *, chaincode: str = "") -> FaultyLedger:
        """A connection in the name of a user, the first organisation's first one by default; it needs not be closed."""
        who = self.identity(name or self._definition.organizations[0].name)
        return FaultyLedger(self._network, who, chaincode=chaincode or self._chaincode, faults=self.faults)

    def connect_sync(self, name: str = "", *, chaincode: str = "") -> SyncLedger:
        """The same for who awaits nothing."""
        return SyncLedger(self.connect(name, chaincode=chaincode))

    def close(self) -> None:
        """Close every connection, when nothing is at work any more, and keep a recorded clock's times."""
        self._network.close_now()
        if isinstance(self._clock, RecordedClock):
            self._clock.save()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self._network.close_now()


def _require_names(what: str, names: Sequence[str]) -> None:
    """A network has at least one of each, and each its own name."""
    if not names:
        raise InvalidDocument(f"a network has at least one {what}: none was given", field=what, reason="none")
    for name in names:
        if names.count(name) > 1:
            raise InvalidDocument(f"{name} is the name of more than one {what}", field=what, reason="same name")


def _told(error: ValidationError) -> InvalidDocument:
    """What is wrong with a name or a value, without a model's words around it."""
    problem = error.errors(include_url=False)[0]
    what = error.title.removesuffix("Definition").lower()
    reason = f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}, not {problem['input']!r}"
    return InvalidDocument(f"{what} {reason}", field=what, reason=reason)


def _named(
    given: Sequence[str] | Mapping[str, Sequence[str | User]], default: Sequence[str]
) -> dict[str, Sequence[str | User]]:
    return dict(given) if isinstance(given, Mapping) else dict.fromkeys(given, default)


def _organization(name: str, users: Sequence[str | User]) -> Organization:
    people = tuple(each if isinstance(each, User) else _user(each) for each in users)
    return Organization(name=name, msp_id=f"{name}MSP", title=name, role="member", users=people)


def _user(name: str) -> User:
    """`Admin` and `Admin@org1.example.com` are administrators, as Fabric's tools name them."""
    return User(name=name, role=NodeRole.ADMIN if name.partition("@")[0] == "Admin" else NodeRole.CLIENT)
