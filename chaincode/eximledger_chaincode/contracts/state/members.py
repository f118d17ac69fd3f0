"""The consortium as ledger state: which organisation has which role, and the floors of every bank's policy.

Roles are asked for, never names in code.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from eximledger_chaincode.contracts.state.keys import MEMBERS_KEY
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import Fifth
from eximledger_chaincode.documents.parts.identifiers import MspId, Text
from eximledger_chaincode.lending.consent import AuthorityPem
from eximledger_chaincode.lending.floors import Floors
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotAuthorized, Refused
from hlf_chaincode.policies import EndorsementPolicy, Principal, out_of

__all__ = [
    "MAX_AUTHORITIES",
    "Ballot",
    "Consortium",
    "Member",
    "consortium_of",
    "majority",
    "read_consortium",
    "require_role",
]

MAX_AUTHORITIES: Final = 5
"""Of one member, at a time."""


def _is_empty(certificates: tuple[str, ...]) -> bool:
    """Left out then, so that hundreds of banks that run none do not each say so."""
    return not certificates


class Member(Value):
    """One organisation of the consortium. `name` is what people call it."""

    msp_id: MspId
    role: Role
    name: Text
    exporters_authority: Annotated[
        tuple[AuthorityPem, ...], Field(max_length=MAX_AUTHORITIES, exclude_if=_is_empty)
    ] = ()
    """Root certificates (PEM) of an exporters' authority that it runs: what exporters sign consent under. Several while
    one takes another's place."""

    @model_validator(mode="after")
    def _vouches_for_others(self) -> Self:
        if self.exporters_authority and self.role is Role.BANK:
            raise ValueError("exporters_authority: a bank does not vouch for those whose consent it needs")
        if len(set(self.exporters_authority)) != len(self.exporters_authority):
            raise ValueError("exporters_authority: a certificate is named twice")
        return self


class Ballot(Value):
    """One voter's wish for other members, floors or voters, not yet shared by a majority."""

    msp_id: MspId
    members: tuple[Member, ...]
    floors: Floors = Floors()
    voters: tuple[MspId, ...] = ()


class Consortium(Value):
    """The members, the floors, who votes, and who wants which others; members, voters and ballots sorted by MSP id.

    Peers endorse by software, so their endorsements say nothing of what the members' people want: a change takes the
    votes of a majority of the voters, each cast under that member's own signature. With no voters named all members
    are; where there are hundreds, a few are named, or each new bank would take the votes of half the country's.
    """

    kind: Literal["consortium"] = "consortium"
    schema_version: Fifth = 5
    members: tuple[Member, ...]
    floors: Floors = Floors()
    voters: tuple[MspId, ...] = ()
    ballots: tuple[Ballot, ...] = ()

    @property
    def terms(self) -> tuple[tuple[Member, ...], Floors, tuple[str, ...]]:
        """What is voted on."""
        return self.members, self.floors, self.voters

    @property
    def electorate(self) -> tuple[str, ...]:
        """MSP ids of those who vote, sorted."""
        return self.voters or tuple(member.msp_id for member in self.members)

    def after_vote(self, voter: str, wanted: Consortium) -> Consortium:
        """With `voter`'s ballot: the wanted terms once a majority wants them, with no ballots left. To vote for the
        present ones takes an earlier ballot back."""
        ballots = [ballot for ballot in self.ballots if ballot.msp_id != voter]
        members, floors, voters = wanted.terms
        if wanted.terms != self.terms:
            ballots.append(Ballot(msp_id=voter, members=members, floors=floors, voters=voters))
        in_favour = sum((each.members, each.floors, each.voters) == wanted.terms for each in ballots)
        if 2 * in_favour > len(self.electorate):
            return Consortium(members=members, floors=floors, voters=voters)
        ordered = tuple(sorted(ballots, key=lambda ballot: ballot.msp_id))
        return self.model_copy(update={"ballots": ordered})

    @property
    def exporters_authorities(self) -> tuple[str, ...]:
        """Root certificates (PEM) of all that exporters may sign under, by members."""
        return tuple(pem for member in self.members for pem in member.exporters_authority)

    @property
    def roles(self) -> Mapping[str, Role]:
        return {member.msp_id: member.role for member in self.members}

    def with_role(self, role: Role) -> tuple[str, ...]:
        """MSP ids of the members with a role, sorted."""
        return tuple(member.msp_id for member in self.members if member.role is role)


_BETWEEN_RELEASES: Final = {2, 3, 4}
"""Before sums told which of their parts stand, seals stood by their exporter, papers in a row stood together."""


@lru_cache(maxsize=64)
def _parsed(stored: bytes) -> Consortium:
    schema_version = json.loads(stored).get("schema_version")
    if schema_version == 1:
        raise Refused(
            "this ledger was written by release 0.2 or earlier, which kept the register on the fx channel: found a new "
            "one and file the papers that still matter there (docs/ledger.md)"
        )
    if schema_version in _BETWEEN_RELEASES:
        raise Refused(
            f"this ledger was written between two releases (schema {schema_version}), so that what stands in it would "
            "not be found: found a new one and file the papers that still matter there (docs/ledger.md)"
        )
    return decode(Consortium, stored)


def consortium_of(stored: bytes | None, channel: str) -> Consortium:
    """The consortium from the value of its key; raises `Refused` before the first `consortium:configure`, and for a
    ledger of an earlier release."""
    if stored is None:
        raise Refused(f"channel {channel} has no members yet: call consortium:configure there first", channel=channel)
    return _parsed(stored)


async def read_consortium(context: Context, ahead: Sequence[str] = ()) -> Consortium:
    """The consortium of this channel; `ahead` are public keys that the caller reads later, asked for with it."""
    stored, *_ = await context.stub.get_states([MEMBERS_KEY, *ahead])
    return consortium_of(stored, context.channel)


def require_role(context: Context, consortium: Consortium, allowed: Collection[Role]) -> Role:
    """The creator's role; raises `NotAuthorized` when it is none of `allowed`."""
    msp_id = context.creator.msp_id
    role = consortium.roles.get(msp_id)
    if role is None:
        raise NotAuthorized(f"{msp_id} is no member of the consortium on channel {context.channel}", msp_id=msp_id)
    if role not in allowed:
        wanted = " or ".join(sorted(allowed))
        raise NotAuthorized(f"{msp_id} has role {role}; this is done by role {wanted}", msp_id=msp_id, role=role)
    return role


def majority(consortium: Consortium) -> EndorsementPolicy:
    """More than half of the voters' peers."""
    principals = [Principal(msp_id) for msp_id in consortium.electorate]
    return EndorsementPolicy(out_of(len(principals) // 2 + 1, *principals))
