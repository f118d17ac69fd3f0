"""A consortium from public files: cards say who the members are, channel files what they agreed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hlf_client.errors import InvalidDocument
from hlf_network.cards import Card
from hlf_network.consortium import (
    Chaincode,
    ChannelFile,
    Consortium,
    HostSettings,
    HostView,
    MemberFile,
    Organization,
    checked,
)

__all__ = ["channel_consortium", "host_view"]


def channel_consortium(file: ChannelFile, cards: Mapping[str, Card]) -> Consortium:
    """The members of one channel, in its file's order. Raises InvalidDocument naming a member whose card is missing."""
    owners = _organizations(file.named, cards)
    consortium = Consortium(
        name="founding",
        organizations=tuple(owners.values()),
        channels=(file.channel(_ordering(owners.values())),),
        chaincode=next((Chaincode(name=one.name, version=one.version) for one in file.chaincodes), None),
    )
    return checked(consortium, f"the file of channel {file.name}")


def host_view(member: MemberFile, files: Sequence[ChannelFile], cards: Mapping[str, Card]) -> HostView:
    """The consortium as one member's host knows it: itself in full, the others of its channels by their cards."""
    own = member.member
    named = dict.fromkeys(name for file in files for name in file.named if name != own.name)
    owners = {own.name: own, **_organizations(named, cards)}
    ordering = _ordering(owners.values())
    settings = {name: getattr(member, name) for name in HostSettings.model_fields}
    view = HostView(
        **settings,
        home=own.name,
        organizations=tuple(owners.values()),
        channels=tuple(file.channel(ordering) for file in files),
        chaincode=_chaincode(member, files),
    )
    checked(view, "the files of this member's channels")
    return view


def _organizations(names: Iterable[str], cards: Mapping[str, Card]) -> dict[str, Organization]:
    missing = [name for name in names if name not in cards]
    if missing:
        raise InvalidDocument(f"There is no card of {', '.join(missing)}: ask that member for it (`member card`).")
    return {name: cards[name].organization for name in names}


def _ordering(owners: Iterable[Organization]) -> tuple[str, ...]:
    return tuple(owner.name for owner in owners if owner.orderers)


def _chaincode(member: MemberFile, files: Sequence[ChannelFile]) -> Chaincode | None:
    """The chaincode of the channels, as this host builds it."""
    agreed = {one.name: one.version for file in files for one in file.chaincodes}
    for build in member.chaincodes:
        if build.name in agreed:
            fields = {name: getattr(build, name) for name in type(build).model_fields}
            return Chaincode(**fields, version=agreed[build.name])
    if agreed and member.member.peers:
        raise InvalidDocument(f"member.yaml does not say how to build {min(agreed)}: name it in `chaincodes`.")
    return next((Chaincode(name=name, version=version) for name, version in agreed.items()), None)
