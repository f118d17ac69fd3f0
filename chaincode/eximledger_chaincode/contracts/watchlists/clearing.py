"""Clearing: two persons of a bank, with a reason, say that a party is not whom an entry means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eximledger_chaincode.contracts.state.keys import WATCH_LISTS_KEY, cleared_key
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.vault import Vault
from eximledger_chaincode.contracts.watchlists.directory import directory_of
from eximledger_chaincode.lending.roles import Duty, person_of, require_duty
from eximledger_chaincode.lending.screening.hits import Cleared, Clearing, Hit, HitBasis
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotAuthorized, NotFound, Refused

__all__ = ["confirm_clearing", "propose_clearing", "read_clearings"]


def _cleared(stored: bytes | None) -> Cleared:
    return Cleared() if stored is None else decode(Cleared, stored)


async def propose_clearing(
    context: Context, vault: Vault, loan_id: str, hits: Iterable[Hit], key: str, reason: str
) -> Clearing:
    """Put a clearing before a second person; it takes the place of one of the same hit that was proposed before, by
    whomever. Raises `Refused` for a hit that the case has not, and for one that no clearing takes away."""
    person = person_of(context.creator)
    hit = next((each for each in hits if each.key == key), None)
    if hit is None:
        raise Refused(f"loan {loan_id} hits no entry under {key[:16]}: screen it again", loan_id=loan_id)
    if hit.basis is not HitBasis.NAME or hit.is_the_same:
        raise Refused(
            f"{hit.entry} of list {hit.list_id} agrees in more than a name: what it means is not cleared by the bank",
            loan_id=loan_id,
        )
    stored, listed = await vault.get_many([cleared_key(hit.subject), WATCH_LISTS_KEY])
    known = {each.key: each for each in _cleared(stored).clearings}
    before = known.get(key)
    if before is not None and before.confirmed_by is not None:
        return before
    if (
        before is not None
        and (before.reason, before.loan_id) == (reason, loan_id)
        and before.proposed_by.is_same(person)
    ):
        return before
    clearing = Clearing(hit=hit, loan_id=loan_id, reason=reason, proposed_by=person, proposed_at=context.timestamp)
    directory = directory_of(listed)
    more = {WATCH_LISTS_KEY: encode(directory.model_copy(update={"clearings": directory.clearings + 1}))}
    await _save(vault, known, clearing, more if before is None else {})
    return clearing


async def confirm_clearing(context: Context, vault: Vault, subject: str, sha256: str) -> Clearing:
    """Clear just what another person proposed; by a checker."""
    person = require_duty(context.creator, Duty.CHECKER, "to clear a hit")
    known = {each.key: each for each in _cleared(await vault.get(cleared_key(subject))).clearings}
    waiting = next((each for each in known.values() if each.sha256 == sha256), None)
    if waiting is None:
        raise NotFound("no such clearing is proposed: screen the loan again", sha256=sha256)
    if waiting.confirmed_by is not None and waiting.confirmed_by.is_same(person):
        return waiting
    if waiting.confirmed_by is not None:
        raise Refused(f"{waiting.confirmed_by} has cleared it already", sha256=sha256)
    if waiting.proposed_by.is_same(person):
        raise NotAuthorized(f"{person} proposed the clearing: another person confirms it", msp_id=person.msp_id)
    done = waiting.model_copy(update={"confirmed_by": person, "confirmed_at": context.timestamp})
    await _save(vault, known, done, {})
    return done


async def _save(vault: Vault, known: dict[str, Clearing], clearing: Clearing, more: dict[str, bytes]) -> None:
    after = {**known, clearing.key: clearing}
    value = Cleared(clearings=tuple(after[key] for key in sorted(after)))
    await vault.put_many({cleared_key(clearing.hit.subject): encode(value), **more})


async def read_clearings(vault: Vault, subjects: Sequence[str]) -> tuple[Clearing, ...]:
    """What was cleared, or is proposed, for subjects by their digests."""
    stored = await vault.get_many([cleared_key(each) for each in subjects])
    return tuple(clearing for value in stored for clearing in _cleared(value).clearings)
