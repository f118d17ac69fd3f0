"""consortium: who the members are and what role each has, the same on every channel."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from eximledger_chaincode.contract import Context, Contract, query, transaction
from eximledger_chaincode.contracts.keys import MEMBERS_KEY
from eximledger_chaincode.contracts.members import Consortium, Member, consortium_of, majority, read_consortium
from eximledger_chaincode.contracts.records import encode
from eximledger_chaincode.errors import InvalidDocument, NotAuthorized

__all__ = ["ConsortiumContract", "MemberList"]

MemberList = Annotated[list[Member], Field(min_length=1, max_length=100)]


class ConsortiumContract(Contract):
    """The first `configure` founds the consortium; after it a majority of the members' peers must endorse each."""

    name: ClassVar[str] = "consortium"

    @transaction
    async def configure(self, context: Context, members: MemberList) -> list[Member]:
        """Set the members. Only a member may; the same members again change nothing."""
        wanted = _consortium(members)
        stored = await context.stub.get_state(MEMBERS_KEY)
        entitled = wanted if stored is None else consortium_of(stored, context.channel)
        if context.creator.msp_id not in entitled.roles:
            raise NotAuthorized(
                f"{context.creator.msp_id} is no member: only a member may configure the consortium",
                msp_id=context.creator.msp_id,
            )
        value = encode(wanted)
        if value != stored:
            await context.stub.put_state(MEMBERS_KEY, value)
            await context.stub.set_state_validation_parameter(MEMBERS_KEY, majority(wanted).to_bytes())
            context.set_event("consortium.configured", {"members": [member.msp_id for member in wanted.members]})
        return list(wanted.members)

    @query
    async def members(self, context: Context) -> list[Member]:
        """The members, sorted by MSP id."""
        return list((await read_consortium(context)).members)


def _consortium(members: list[Member]) -> Consortium:
    ordered = tuple(sorted(members, key=lambda member: member.msp_id))
    if len({member.msp_id for member in ordered}) != len(ordered):
        raise InvalidDocument("members: an organisation is named twice", field="members", reason="named twice")
    return Consortium(members=ordered)
