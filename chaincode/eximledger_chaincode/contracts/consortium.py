"""consortium: who the members are, what role each has, and the floors of every bank's policy, on each channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Final

from pydantic import Field

from eximledger_chaincode.contracts.state.keys import MEMBERS_KEY
from eximledger_chaincode.contracts.state.members import (
    Ballot,
    Consortium,
    Member,
    consortium_of,
    majority,
    read_consortium,
)
from eximledger_chaincode.contracts.state.records import encode
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.lending.floors import Floors
from eximledger_chaincode.lending.roles import person_of
from hlf_chaincode.contract import Context, Contract, query, transaction
from hlf_chaincode.errors import InvalidDocument, NotAuthorized

__all__ = ["ConsortiumContract", "MemberList"]

MAX_MEMBERS: Final = 2_000
"""More than there are banks in the country; a transaction's own limits come later."""
MemberList = Annotated[list[Member], Field(min_length=1, max_length=MAX_MEMBERS)]
VoterList = Annotated[list[MspId], Field(max_length=MAX_MEMBERS)]
_NOBODY: Final = Consortium(members=())


class ConsortiumContract(Contract):
    """The first `configure` founds the consortium; after it each voter has a vote, and a majority decides."""

    name: ClassVar[str] = "consortium"

    @transaction
    async def configure(
        self, context: Context, members: MemberList, floors: Floors | None = None, voters: VoterList | None = None
    ) -> list[Member]:
        """Found the consortium, or vote for these members, floors and voters; the members as they stand after it.

        Only a voter's person votes; an empty list of voters is all members. The same vote again changes nothing. Floors
        and voters left out are the present ones.
        """
        stored = await context.stub.get_state(MEMBERS_KEY)
        before = None if stored is None else consortium_of(stored, context.channel)
        _, present_floors, present_voters = (before or _NOBODY).terms
        wanted = _consortium(
            members, present_floors if floors is None else floors, present_voters if voters is None else voters
        )
        voter = person_of(context.creator).msp_id
        if voter not in (before or wanted).roles:
            raise NotAuthorized(f"{voter} is no member: only a member may configure the consortium", msp_id=voter)
        if before is not None and voter not in before.electorate:
            raise NotAuthorized(f"{voter} has no vote: the consortium names who votes on it", msp_id=voter)
        after = wanted if before is None else before.after_vote(voter, wanted)
        if after != before:
            await context.stub.put_state(MEMBERS_KEY, encode(after))
            is_decided = before is None or after.terms != before.terms
            await _tell(context, wanted, is_decided=is_decided)
        return list(after.members)

    @query
    async def members(self, context: Context) -> list[Member]:
        """The members, sorted by MSP id."""
        return list((await read_consortium(context)).members)

    @query
    async def floors(self, context: Context) -> Floors:
        """What no bank's policy goes under."""
        return (await read_consortium(context)).floors

    @query
    async def voters(self, context: Context) -> list[str]:
        """MSP ids of those who vote on members, floors and voters; a majority decides."""
        return list((await read_consortium(context)).electorate)

    @query
    async def ballots(self, context: Context) -> list[Ballot]:
        """Who wants which other members, floors or voters, as long as no majority does."""
        return list((await read_consortium(context)).ballots)


async def _tell(context: Context, wanted: Consortium, *, is_decided: bool) -> None:
    """Announce new members and put them under the guard of the voters' majority, or announce the wish for them."""
    named = [member.msp_id for member in wanted.members]
    if is_decided:
        await context.stub.set_state_validation_parameter(MEMBERS_KEY, majority(wanted).to_bytes())
        context.set_event("consortium.configured", {"members": named})
    else:
        context.set_event("consortium.proposed", {"by": context.creator.msp_id, "members": named})


def _consortium(members: Sequence[Member], floors: Floors, voters: Sequence[str]) -> Consortium:
    ordered = tuple(sorted(members, key=lambda member: member.msp_id))
    named = {member.msp_id for member in ordered}
    if len(named) != len(ordered):
        raise InvalidDocument("members: an organisation is named twice", field="members", reason="named twice")
    electorate = tuple(sorted(set(voters)))
    if strangers := sorted(set(electorate) - named):
        raise InvalidDocument(f"voters: {strangers[0]} is no member", field="voters", reason="no member")
    return Consortium(members=ordered, floors=floors, voters=electorate)
