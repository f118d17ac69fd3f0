"""Where a bank holds endorsed steps back, or forges parts of them: a story of its own on a venue that others share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

from tests.conformance.stages import endorsed
from tests.eximledger_chaincode.contracts import trade
from tests.trust.forgery.calling import Sent, submit
from tests.trust.forgery.case import Story
from tests.trust.forgery.matrix import REFUSALS, Cast, Venue, take
from tests.trust.forgery.story import (
    Step,
    applied,
    authorised,
    checked,
    declared,
    filed,
    matched,
    opened_day,
    policy_made,
    pulled,
)

from eximledger_chaincode.contracts.state.calendar import BusinessDay
from eximledger_chaincode.documents import DeclarationStatus, EnterpriseClass, TolerancePolicy
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import PreparedTransaction
from hlf_client.errors import CommitFailed, FabricError

__all__ = ["OWN", "Forger", "Parts", "Scene", "Shared"]

OWN = ("TradebankMSP", "SafeMSP")
"""Whose peers endorse a step of the lender's."""
_NEAR: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is written by hand: public values, guards of public keys, and of private keys and values the hashes."""

    writes: Mapping[str, bytes | None] = field(default_factory=dict)
    guards: Mapping[str, bytes] = field(default_factory=dict)
    private: Mapping[tuple[str, str], bytes | None] = field(default_factory=dict)
    """By collection and key; None deletes."""


class Forger(Protocol):
    """Has peers' keys, and makes of an endorsed transaction another one."""

    async def forged(
        self, transaction: PreparedTransaction, parts: Parts, *, by: Sequence[str], alone: bool, keep: bool
    ) -> PreparedTransaction:
        """With these parts beside its own (`alone`: in place of all it reads and writes), endorsed by the peers of
        `by`; `keep`: the endorsements that it had stand beside. Still to be signed by its creator."""
        ...


@dataclass(slots=True)
class Shared:
    """The venue, everybody there, and the serial numbers that are taken."""

    venue: Venue
    forger: Forger
    cast: Cast
    members: Sequence[Mapping[str, object]]
    serial: int
    prepared: bool = field(default=False)

    async def scene(self) -> Scene:
        """A new export with the lender's papers."""
        self.serial += 10
        today = day_in_china(self.venue.now())
        scene = Scene(self, Story(self.serial, self.members, today))
        if not self.prepared:
            self.prepared = True
            await scene.take(*policy_made(), *authorised())
        await scene.take(*declared(), *filed(), *pulled())
        if not await scene.is_open():
            await scene.take(opened_day())
        return scene


@dataclass(slots=True)
class Scene:
    """One export, its loans, and what the lender keeps back."""

    shared: Shared
    story: Story

    async def take(self, *steps: Step) -> None:
        """Steps by those whom they are due to."""
        for step in steps:
            await take(self.shared.cast, self.story, step)
            await self.shared.venue.settle()

    async def checked(self, which: str = "first") -> None:
        """A loan of the maker's, ready to be decided on."""
        await self.take(applied(which), matched(which), checked(which))

    async def hold(self, step: Step, endorsers: Sequence[str] = OWN) -> PreparedTransaction:
        """Have a step endorsed by these peers, and keep it."""
        call, ledger = step.call(self.story), self.shared.cast.people[step.rightful]
        sent = Sent.of(ledger, step.channel, step.function, call.arguments, endorsers)
        return await endorsed(
            ledger, step.channel, step.function, *sent.arguments, transient=sent.transient,
            endorsing_organizations=endorsers,
        )  # fmt: skip

    async def order(self, transaction: PreparedTransaction, by: str = "checker") -> str:
        """What becomes of what was kept, by its validation code."""
        ledger = self.shared.cast.people[by]
        try:
            code = (await ledger.commit_status(await ledger.order(transaction))).code
        except CommitFailed as error:
            code = error.code
        await self.shared.venue.settle()
        return code

    async def tried(self, step: Step) -> str:
        """A step at once: VALID, or the number of its refusal."""
        try:
            await self.take(step)
        except CommitFailed as error:
            return error.code
        except FabricError as error:
            return REFUSALS[type(error)]
        return "VALID"

    async def forged(
        self,
        transaction: PreparedTransaction,
        parts: Parts,
        *,
        by: Sequence[str],
        alone: bool = False,
        keep: bool = False,
        creator: str = "checker",
    ) -> str:
        """What becomes of it with other parts, signed by its own creator."""
        forged = await self.shared.forger.forged(transaction, parts, by=by, alone=alone, keep=keep)
        ledger = self.shared.cast.people[creator]
        return await self.order(forged.signed(await ledger.sign_content(forged.content)), creator)

    async def submit(self, person: str, channel: str, function: str, *arguments: object) -> None:
        """Something that somebody does meanwhile."""
        await submit(self.shared.cast.people[person], channel, function, *arguments)
        await self.shared.venue.settle()

    # -- what SAFE, customs and the bank do meanwhile ------------------------------------------------------------------

    async def is_open(self) -> bool:
        """Whether SAFE has opened a business day."""
        try:
            await self.business_day()
        except FabricError:
            return False
        return True

    async def seal(self) -> str:
        """The declaration's, as the lender has it with its copy."""
        (seal,) = json.loads(
            await self.shared.cast.people["maker"].evaluate("customs", "documents:seals", [self.story.number])
        )
        return str(seal)

    async def business_day(self) -> BusinessDay:
        return BusinessDay.model_validate_json(
            await self.shared.cast.people["safe/officer"].evaluate("bank", "calendar:day")
        )

    async def open_day(self, later: int = 0) -> None:
        """SAFE opens the business day anew, or a later one that is near enough; after many, the last one anew."""
        day = (await self.business_day()).day + timedelta(days=later)
        day = min(day, day_in_china(self.shared.venue.now()) + _NEAR)
        await self.submit("safe/officer", "bank", "calendar:open", day)

    async def classify(self, grade: EnterpriseClass) -> None:
        paper = self.story.dated(trade.classification(grade))
        await self.submit("safe/officer", "fx", "documents:put", paper.KIND, paper)

    async def cancel(self) -> None:
        """Customs cancels the declaration."""
        paper = self.story.declaration(remarks="amended").model_copy(update={"status": DeclarationStatus.CANCELLED})
        await self.submit("customs/officer", "customs", "documents:put", paper.KIND, paper)

    async def make_policy(self, change: Callable[[TolerancePolicy], TolerancePolicy]) -> None:
        policy = change(self.story.policy())
        await self.submit("head", "bank", "policies:propose", policy)
        await self.submit("risk", "bank", "policies:confirm", policy_hash(policy))
