"""A consortium from public files: cards say who the members are, channel files what they agreed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hlf_client.errors import InvalidDocument
from hlf_network.cards import Card
from hlf_network.consortium import (
    Chaincode,
    ChaincodeBuild,
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
    owners, chaincodes = _organizations(file.named, cards), _agreed([file])
    first = next(iter(chaincodes), None)
    consortium = Consortium(
        name="founding",
        organizations=tuple(owners.values()),
        channels=(file.channel(_ordering(owners.values()), first),),
        chaincode=next((Chaincode(name=name, version=chaincodes[name]) for name in chaincodes), None),
        chaincodes=tuple(Chaincode(name=name, version=chaincodes[name]) for name in chaincodes if name != first),
    )
    return checked(consortium, f"the file of channel {file.name}")


def host_view(member: MemberFile, files: Sequence[ChannelFile], cards: Mapping[str, Card]) -> HostView:
    """The consortium as one member's host knows it: itself in full, the others of its channels by their cards."""
    own = member.member
    named = dict.fromkeys(name for file in files for name in file.named if name != own.name)
    owners = {own.name: own, **_organizations(named, cards)}
    ordering, chaincodes = _ordering(owners.values()), _chaincodes(member, _agreed(files))
    # the first of the file, also while no channel runs it: where its deployment is recorded must not change later
    first = member.chaincodes[0].name if member.chaincodes else None
    settings = {name: getattr(member, name) for name in HostSettings.model_fields}
    view = HostView(
        **settings,
        home=own.name,
        organizations=tuple(owners.values()),
        channels=tuple(file.channel(ordering, first) for file in files),
        chaincode=next((one for one in chaincodes if one.name == first), None),
        chaincodes=tuple(one for one in chaincodes if one.name != first),
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


def _agreed(files: Sequence[ChannelFile]) -> dict[str, str]:
    """The version of each chaincode. Raises InvalidDocument where two channels do not name the same."""
    agreed: dict[str, str] = {}
    for file in files:
        for one in file.chaincodes:
            if agreed.setdefault(one.name, one.version) != one.version:
                raise InvalidDocument(
                    f"Channel {file.name} wants {one.name} {one.version}, another {agreed[one.name]}: bring the files "
                    f"of all channels to one version, and give them to `member deploy` together."
                )
    return agreed


def _chaincodes(member: MemberFile, agreed: Mapping[str, str]) -> tuple[Chaincode, ...]:
    """The channels' chaincodes as this host builds them, in its file's order; one that it does not build last."""
    missing = [name for name in agreed if name not in {build.name for build in member.chaincodes}]
    if missing and member.member.peers:
        raise InvalidDocument(f"member.yaml does not say how to build {missing[0]}: name it in `chaincodes`.")
    builds = [build for build in member.chaincodes if build.name in agreed]
    builds += [ChaincodeBuild(name=name) for name in missing]
    return tuple(
        Chaincode(
            name=build.name,
            version=agreed[build.name],
            server=build.server,
            founding=build.founding,
            environment=build.environment,
            image=build.image,
        )
        for build in builds
    )
