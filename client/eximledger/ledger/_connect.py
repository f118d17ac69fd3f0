"""`connect`: from a URL or a profile to a Ledger. A host of ledgers is registered by its URL scheme or file type."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from eximledger.errors import InvalidDocument, LedgerUnavailable, NotAuthorized
from eximledger.identity import Identity
from eximledger.ledger._interface import Ledger
from eximledger.ledger.embedded import (
    Address,
    Clock,
    EmbeddedLedger,
    EmbeddedNetwork,
    LedgerInfo,
    Place,
    Verification,
    acquire,
    describe_file,
    forsake,
    release,
    utc_now,
    verify_file,
)
from eximledger.ledger.embedded.default_consortium import DEFAULT_CONSORTIUM

if TYPE_CHECKING:
    from eximledger.ledger.gateway import Profile

__all__ = ["Connector", "connect", "info", "is_profile", "register", "revoke", "verify"]

Connector: TypeAlias = Callable[[str, "Identity | str | None", Clock], Ledger]
"""Opens what follows `scheme:`, or the path of a profile, for an identity, or for whom it takes where none is named."""

_PROFILES: Final = (".yaml", ".yml", ".json")


def connect(url: str | Path, identity: Identity | str | None = None, *, clock: Clock = utc_now) -> Ledger:
    """A connection in the name of `identity`, to be closed when done (`async with connect(...) as ledger`).

    `url` is `embedded:PATH[?strict=1]`, `embedded::memory:` (`embedded::memory:NAME` to share one in the process),
    the path of a Fabric connection profile or of a folder of them, or `hfc:PATH` of one, for networks without a
    gateway. `identity` is `member`, `member/user`, or an `Identity`; of a profile's file it may be left out, for the
    profile's own first user. `clock` gives the time of proposals on an embedded ledger. A ledger file is made at its
    first use.

    Raises `InvalidDocument` for an unknown URL, `NotAuthorized` for an unknown identity, `LedgerUnavailable`.
    """
    text = str(url)
    scheme, colon, rest = text.partition(":")
    if colon and scheme in _connectors:
        return _connectors[scheme](rest, identity, clock)
    if is_profile(text):
        return _connectors["profile"](text, identity, clock)
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


def _connect_embedded(rest: str, identity: Identity | str | None, clock: Clock) -> Ledger:
    address = Address.parse(rest)
    if identity is None:
        raise NotAuthorized("an embedded ledger has several members: say in whose name, such as eximbank/checker")
    place = Place(address.path, address.name, address.strict, clock)
    if isinstance(identity, str):
        _check_form(identity)
    network = acquire(place)
    try:
        who = identity if isinstance(identity, Identity) else _find(network, identity)
        return EmbeddedLedger(network, who, closed=partial(release, place))
    except BaseException:
        forsake(place)
        raise


def _find(network: EmbeddedNetwork, text: str) -> Identity:
    member, _, user = text.partition("/")
    return network.identity(member, user or _default_user(member))


def _default_user(member: str) -> str:
    """Who acts for a member when no user is named: its first one (a bank's maker, an authority's officer)."""
    for organization in DEFAULT_CONSORTIUM.organizations:
        if organization.name == member:
            return organization.default_user
    return "admin"


def _check_form(text: str) -> None:
    member, slash, user = text.partition("/")
    if not member or (slash and not user) or "/" in user or member.startswith(".") or user.startswith("."):
        raise NotAuthorized(f"{text!r} names nobody: write a member or member/user, such as eximbank/checker")


def _connect_profile(path: str, identity: Identity | str | None, clock: Clock) -> Ledger:
    try:
        from eximledger.ledger.gateway import GatewayLedger
    except ImportError as error:
        raise LedgerUnavailable(f"Fabric needs {error.name}: pip install 'eximledger[fabric]'") from None
    return GatewayLedger.connect(*_of_profile(path, identity))


def _of_profile(path: str, identity: Identity | str | None) -> tuple[Profile, Identity]:
    """The profile that is meant, and who acts."""
    from eximledger.ledger.gateway import Profile

    if isinstance(identity, Identity):
        return Profile.read(path), identity
    if identity is None:
        profile = Profile.find(path, "")
        return profile, profile.identity(profile.default_user)
    _check_form(identity)
    member, _, user = identity.partition("/")
    profile = Profile.find(path, member)
    return profile, profile.identity(user or profile.default_user)


def _connect_hfc(path: str, identity: Identity | str | None, clock: Clock) -> Ledger:
    try:
        from eximledger.ledger.hfc import HfcLedger
    except ImportError as error:
        raise LedgerUnavailable(f"hfc needs {error.name}: pip install 'eximledger[hfc]'") from None
    return HfcLedger(*_of_profile(path, identity))


def verify(url: str | Path, progress: Callable[[str, int], None] | None = None) -> Verification:
    """Walk an embedded ledger's blocks and say what was touched, the first block first; it needs no keys.

    `url` is `embedded:PATH` or the file's path. `progress` is told channel and number of each good block. It takes
    seconds for a large ledger: call it on a thread where an event loop waits. Raises `LedgerUnavailable` when there is
    no ledger to be read.
    """
    return verify_file(_file_of(url), progress)


def info(url: str | Path) -> LedgerInfo:
    """What an embedded ledger holds. Raises `LedgerUnavailable` when there is no ledger to be read."""
    return describe_file(_file_of(url))


async def revoke(url: str | Path, who: str, *, reissue: bool = False) -> tuple[str, ...]:
    """Declare the certificate of `member/user` void on an embedded ledger; the channels on which it is. With `reissue`
    the user has another, for another key, at once. On Fabric `eximledger network revoke` does this.

    Raises `NotAuthorized` for an unknown user, `LedgerUnavailable` when there is no ledger to be written.
    """
    place = Place(_file_of(url), "", strict=False, clock=utc_now)
    _check_form(who)
    member, _, user = who.partition("/")
    describe_file(_file_of(url))  # a ledger is not made by revoking somebody in it
    network = acquire(place)
    try:
        return await network.revoke(member, user or _default_user(member), reissue=reissue)
    finally:
        await release(place)


def _file_of(url: str | Path) -> Path:
    text = str(url)
    address = Address.parse(text.removeprefix("embedded:")) if text.startswith("embedded:") else None
    if address is None:
        return Path(text)
    if address.path is None:
        raise LedgerUnavailable("a ledger in memory ends with its process: give the path of a ledger file")
    return address.path


_connectors: Final[dict[str, Connector]] = {
    "embedded": _connect_embedded,
    "hfc": _connect_hfc,
    "profile": _connect_profile,
}
