"""policies: a bank's tolerance policy, proposed by one person and confirmed by another, from a day on."""

from __future__ import annotations

from typing import ClassVar

from eximledger_chaincode.contracts.papers.filing import draft_of, plan_filing, write_filings
from eximledger_chaincode.contracts.papers.policy import read_policy_book
from eximledger_chaincode.contracts.state.keys import POLICY_BOOK_KEY
from eximledger_chaincode.contracts.state.members import Consortium, read_consortium, require_role
from eximledger_chaincode.contracts.state.names import BANK, require_channel
from eximledger_chaincode.contracts.state.records import encode
from eximledger_chaincode.contracts.state.shelves import open_papers, readable_bank
from eximledger_chaincode.contracts.state.vault import Vault
from eximledger_chaincode.documents import Record, TolerancePolicy
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.floors import AppliedPolicy, PolicyBook, ProposedPolicy, policy_hash
from eximledger_chaincode.lending.roles import Duty, Person, Role, person_of, require_duty
from eximledger_chaincode.lending.time import day_in_china
from hlf_chaincode.contract import Context, Contract, query, transaction
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, Refused

__all__ = ["PoliciesContract"]


class PoliciesContract(Contract):
    """A policy holds once two persons made it, from its `effective_from` on; never under the consortium's floors."""

    name: ClassVar[str] = "policies"

    @transaction(private=True)
    async def propose(self, context: Context, policy: TolerancePolicy) -> PolicyBook:
        """Put a policy before a second person; it takes the place of one that was proposed before, by whomever:
        whoever proposes last does not confirm."""
        consortium, vault, book = await _open_own(context)
        if policy.bank != context.creator.msp_id:
            raise InvalidDocument(
                f"bank: a policy of {policy.bank} is made by {policy.bank}", field="bank", reason="another bank's"
            )
        consortium.floors.require(policy)
        person, sha256 = person_of(context.creator), policy_hash(policy)
        before = book.proposed
        if before is not None and before.sha256 == sha256 and before.by.is_same(person):
            return book
        book.require_holding(policy, day_in_china(context.timestamp))
        proposed = ProposedPolicy(policy=policy, sha256=sha256, by=person, at=context.timestamp)
        after = book.model_copy(update={"proposed": proposed})
        await _save(context, vault, after)
        return after

    @transaction(private=True)
    async def confirm(self, context: Context, sha256: Hex256) -> PolicyBook:
        """Make just the policy that another person proposed; its certificate has `exim.role=policy`."""
        consortium, vault, book = await _open_own(context)
        person = require_duty(context.creator, Duty.POLICY, "to confirm a policy")
        if _is_that_confirmation(book, sha256, person):
            return book
        proposed = book.proposed
        if proposed is None or proposed.sha256 != sha256:
            raise Refused("that policy is not the one proposed: look at it again (policies:book)", sha256=sha256)
        if proposed.by.is_same(person):
            raise NotAuthorized(f"{person} proposed the policy: another person confirms it", msp_id=person.msp_id)
        consortium.floors.require(proposed.policy)
        today = day_in_china(context.timestamp)
        book.require_holding(proposed.policy, today)
        draft = draft_of(proposed.policy)
        filing = plan_filing(context, draft, await vault.get(draft.key), None, vault.collection)
        await write_filings(context, vault, [filing])
        record = Record[TolerancePolicy](**dict(filing.entry), document=proposed.policy)
        applied = AppliedPolicy(record=record, proposed_by=proposed.by, confirmed_by=person)
        after = book.with_policy(applied, today)
        await _save(context, vault, after)
        return after

    @query
    async def book(self, context: Context, bank: str = "") -> PolicyBook:
        """A bank's policies, the caller's own unless SAFE names another: those that hold, will hold, and wait."""
        require_channel("policies", BANK, context.channel)
        consortium = await read_consortium(context)
        holder = readable_bank(context, consortium, bank)
        return await read_policy_book(await open_papers(context, consortium, holder), holder)


def _is_that_confirmation(book: PolicyBook, sha256: str, person: Person) -> bool:
    if book.proposed is not None and book.proposed.sha256 == sha256:
        return False
    return any(each.record.sha256 == sha256 and each.confirmed_by.is_same(person) for each in book.policies)


async def _open_own(context: Context) -> tuple[Consortium, Vault, PolicyBook]:
    require_channel("policies", BANK, context.channel)
    consortium = await read_consortium(context)
    require_role(context, consortium, {Role.BANK})
    vault = await open_papers(context, consortium)
    return consortium, vault, await read_policy_book(vault, context.creator.msp_id)


async def _save(context: Context, vault: Vault, book: PolicyBook) -> None:
    await vault.put_many({POLICY_BOOK_KEY: encode(book)})
    context.set_event("policy.changed", {"book": vault.name(POLICY_BOOK_KEY)})
