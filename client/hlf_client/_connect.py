"""`connect`: from a URL or a profile to a Ledger. A host of ledgers is registered by its URL scheme or file type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from hlf_client._clock import Clock, utc_now
from hlf_client.errors import InvalidDocument, LedgerUnavailable, NotAuthorized
from hlf_client.identity import Identity
from hlf_client.ledger import Ledger

if TYPE_CHECKING:
    from hlf_client.embedded import EmbeddedNetwork, HostedConsortium, LedgerInfo, Verification
    from hlf_client.wire.profile import Profile

__all__ = [
    "Connector", "Opening", "backup", "connect", "info", "is_profile", "register", "require_ledger", "restore",
    "revoke", "verify",
]  # fmt: skip

_PROFILES: Final = (".yaml", ".yml", ".json")
_NO_EMBEDDED: Final = "the embedded ledger needs {}: pip install 'hlf-client[embedded]'"


@dataclass(frozen=True, slots=True)
class Opening:
    """What `connect` was asked to open: `location` follows the scheme, or is the path of a profile."""

    location: str
    identity: Identity | str | None
    chaincode: str
    consortium: HostedConsortium | None
    clock: Clock


Connector: TypeAlias = Callable[[Opening], Ledger]
"""Opens a ledger for an identity, or for whom it takes where none is named."""


def connect(
    url: str | Path,
    identity: Identity | str | None = None,
    *,
    chaincode: str,
    consortium: HostedConsortium | None = None,
    clock: Clock = utc_now,
) -> Ledger:
    """A connection in the name of `identity` to one chaincode, to be closed when done (`async with connect(...)`).

    `url` is `embedded:PATH[?strict=1]`, `embedded::memory:` (`embedded::memory:NAME` to share one in the process),
    the path of a Fabric connection profile or of a folder of them, or `hfc:PATH` of one, for networks without a
    gateway. `identity` is `member`, `member/user`, or an `Identity`; of a profile's file it may be left out, for the
    profile's own first user. `consortium` and `clock` are an embedded ledger's: what it hosts (a ledger file is made at
    its first use), and the time of its proposals. An embedded ledger is opened, and made, on a thread: the first
    call waits for it and raises what went wrong.

    Raises `InvalidDocument` for an unknown URL, `NotAuthorized` for an unknown identity, `LedgerUnavailable`.
    """
    text = str(url)
    scheme, colon, rest = text.partition(":")
    if colon and scheme in _connectors:
        return _connectors[scheme](Opening(rest, identity, chaincode, consortium, clock))
    if is_profile(text):
        return _connectors["profile"](Opening(text, identity, chaincode, consortium, clock))
    known = ", ".join(f"{name}:" for name in sorted(_connectors) if name != "profile")
    raise InvalidDocument(
        f"{text!r} is not the URL of a ledger: it begins with {known} or is the path of a connection profile",
        field="ledger",
        reason="unknown kind of ledger",
    )


def is_profile(url: str | Path) -> bool:
    """Whether `connect` reads this as the path of a connection profile, or of a folder of them."""
    return Path(url).suffix in _PROFILES or Path(url).is_dir()


def register(scheme: str, connector: Connector) -> None:
    """Let `connect` open another kind of ledger; `profile` is for connection profiles."""
    _connectors[scheme] = connector


# The embedded ledger ----------------------------------------------------------


def _connect_embedded(opening: Opening) -> Ledger:
    try:
        from hlf_client.embedded import Address, Connection, Place, acquire, check_place
    except ImportError as error:
        raise LedgerUnavailable(_NO_EMBEDDED.format(error.name)) from None
    address, identity = Address.parse(opening.location), opening.identity
    if opening.consortium is None:
        raise InvalidDocument(
            "an embedded ledger hosts a consortium: say which (connect(..., consortium=HostedConsortium(...)))",
            field="consortium",
            reason="none is given",
        )
    if identity is None:
        raise NotAuthorized("an embedded ledger has several members: say in whose name, such as member/user")
    if isinstance(identity, Identity):
        identity.certificate_hash  # noqa: B018 - raises for what is no certificate
    else:
        _check_form(identity)
    place = Place(address.path, address.name, address.strict, opening.clock, opening.consortium)
    check_place(place.path)
    who = partial(_find, identity=identity, consortium=opening.consortium)
    stranger = None if isinstance(identity, Identity) else _stranger(identity, opening.consortium)
    if stranger is not None and (place.path is None or not place.path.exists()):
        raise stranger
    opened = acquire(place)
    try:
        if stranger is not None:  # an existing file says itself who its members are
            who(opened.wait())
        return Connection(opened, who, chaincode=opening.chaincode)
    except BaseException:
        opened.forsake()
        raise


def _stranger(text: str, consortium: HostedConsortium) -> NotAuthorized | None:
    """What is said to one whom the consortium's definition does not know."""
    member, _, user = text.partition("/")
    users = {each.name: [one.name for one in each.users] for each in consortium.definition.organizations}
    if member not in users:
        return NotAuthorized(f"there is no member {member!r}: there are {', '.join(sorted(users))}")
    if user and user not in users[member]:
        return NotAuthorized(f"{member} has no user {user!r}: there are {', '.join(sorted(users[member]))}")
    return None


def _find(network: EmbeddedNetwork, identity: Identity | str, consortium: HostedConsortium) -> Identity:
    if isinstance(identity, Identity):
        return identity
    member, _, user = identity.partition("/")
    return network.identity(member, user or _default_user(member, consortium))


def _default_user(member: str, consortium: HostedConsortium) -> str:
    """Who acts for a member when no user is named: its first one (a bank's maker, an authority's officer)."""
    for organization in consortium.definition.organizations:
        if organization.name == member:
            return organization.default_user
    return "admin"


def _check_form(text: str) -> None:
    member, slash, user = text.partition("/")
    if not member or (slash and not user) or "/" in user or member.startswith(".") or user.startswith("."):
        raise NotAuthorized(f"{text!r} names nobody: write a member or member/user, such as eximbank/checker")


def verify(
    url: str | Path,
    progress: Callable[[str, int], None] | None = None,
    *,
    resumable: bool = False,
    from_start: bool = False,
) -> Verification:
    """Walk an embedded ledger's blocks and say what was touched, the first block first; it needs no keys.

    `url` is `embedded:PATH` or the file's path. `progress` is told channel and number of each good block. A large
    ledger takes minutes and all cores: call it on a thread where an event loop waits. `resumable`: how far it is stands
    in `PATH.verifying` while it goes on, and where one was cut short the next goes on there, unless `from_start`; the
    report says so. Raises `LedgerUnavailable` when there is no ledger to be read.
    """
    from hlf_client.embedded import verify_file

    return verify_file(_file_of(url), progress, resumable=resumable, from_start=from_start)


def backup(url: str | Path, to: Path) -> Verification:
    """Copy an embedded ledger and its keys, as they are at one moment, into the file `to`, while others write on.

    The copy is verified, and as secret as the ledger. Raises `LedgerUnavailable`; nothing is replaced.
    """
    from hlf_client.embedded import backup_file

    return backup_file(_file_of(url), to)


def restore(copy: Path, url: str | Path) -> Verification:
    """Put the ledger of such a copy, verified, where there is none. Raises `LedgerUnavailable`; nothing is replaced."""
    from hlf_client.embedded import restore_file

    return restore_file(copy, _file_of(url))


def info(url: str | Path) -> LedgerInfo:
    """What an embedded ledger holds. Raises `LedgerUnavailable` when there is no ledger to be read."""
    from hlf_client.embedded import describe_file

    return describe_file(_file_of(url))


def require_ledger(url: str | Path) -> None:
    """Raises `LedgerUnavailable` where an embedded ledger's file is not there yet: who only reads would make it by
    connecting. Says nothing of other ledgers, nor of one in memory."""
    if not str(url).startswith("embedded:"):
        return
    from hlf_client.embedded import Address, require_file

    path = Address.parse(str(url).removeprefix("embedded:")).path
    if path is not None:
        require_file(path)


async def revoke(url: str | Path, who: str, *, consortium: HostedConsortium, reissue: bool = False) -> tuple[str, ...]:
    """Declare the certificate of `member/user` void on an embedded ledger; the channels on which it is. With `reissue`
    the user has another, for another key, at once. On Fabric the network driver does this.

    Raises `NotAuthorized` for an unknown user, `LedgerUnavailable` when there is no ledger to be written.
    """
    from hlf_client.embedded import Place, acquire, require_file

    place = Place(_file_of(url), "", strict=False, clock=utc_now, consortium=consortium)
    _check_form(who)
    member, _, user = who.partition("/")
    require_file(_file_of(url))  # a ledger is not made by revoking somebody in it
    opened = acquire(place)
    try:
        network = await opened.network()
        from hlf_client.embedded import revoke_user  # what this takes has come with the network, on a thread

        return await revoke_user(network, member, user or _default_user(member, consortium), reissue=reissue)
    finally:
        await opened.release()


def _file_of(url: str | Path) -> Path:
    from hlf_client.embedded import Address

    text = str(url)
    address = Address.parse(text.removeprefix("embedded:")) if text.startswith("embedded:") else None
    if address is None:
        return Path(text)
    if address.path is None:
        raise LedgerUnavailable("a ledger in memory ends with its process: give the path of a ledger file")
    return address.path


# Fabric -----------------------------------------------------------------------


def _connect_profile(opening: Opening) -> Ledger:
    from hlf_client.gateway import GatewayLedger

    return GatewayLedger.connect(*_of_profile(opening), chaincode=opening.chaincode)


def _of_profile(opening: Opening) -> tuple[Profile, Identity]:
    """The profile that is meant, and who acts."""
    from hlf_client.wire.profile import Profile

    path, identity = opening.location, opening.identity
    if isinstance(identity, Identity):
        return Profile.read(path), identity
    if identity is None:
        profile = Profile.find(path, "")
        return profile, profile.identity(profile.default_user)
    _check_form(identity)
    member, _, user = identity.partition("/")
    profile = Profile.find(path, member)
    return profile, profile.identity(user or profile.default_user)


def _connect_hfc(opening: Opening) -> Ledger:
    from hlf_client.hfc import HfcLedger

    return HfcLedger(*_of_profile(opening), chaincode=opening.chaincode)


_connectors: Final[dict[str, Connector]] = {
    "embedded": _connect_embedded,
    "hfc": _connect_hfc,
    "profile": _connect_profile,
}
