"""The matching secret, at SAFE's peers alone: tokens for what was presented, rotation, re-keying.

rotate      a new generation of the secret; the one before is looked up, too
open a day  under the new generation (`calendar:open`): from then on it is written
match       every loan that stands in the register, so that it has tokens and marks of both
rekey       what stands under the old generation moves to the new one
retire      the old secret is purged
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eximledger_chaincode.contracts.register.matching import Lookup, open_lookup, read_rows, write_rows
from eximledger_chaincode.contracts.register.presenting import presented_of
from eximledger_chaincode.contracts.state.calendar import read_matching_generation
from eximledger_chaincode.contracts.state.keys import (
    MATCHING_GENERATIONS_KEY,
    holding_key,
    mark_key,
    matching_secret_key,
    tokens_key,
)
from eximledger_chaincode.contracts.state.names import MATCHING, shared_with
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.vault import Vault, open_vault
from eximledger_chaincode.lending.matching import (
    FinancedRow,
    Generations,
    LoanTokens,
    Matched,
    PaperTokens,
    Rekeying,
    RekeyPair,
    mark_of,
    token_set,
)
from eximledger_chaincode.lending.register import Holding, PaperFingerprint
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotFound, Refused

__all__ = ["look_up", "make_secret", "move_marks", "read_generations", "rekey_pairs", "retire_secret"]


async def read_generations(vault: Vault) -> Generations:
    """Raises `Refused` where SAFE has made no secret yet."""
    stored = await vault.get(MATCHING_GENERATIONS_KEY)
    if stored is None:
        raise Refused("SAFE has made no matching secret yet: no paper can be looked up before (register:rotate)")
    return decode(Generations, stored)


async def make_secret(context: Context) -> Generations:
    """The first secret, or a new generation beside the present one. Raises `Refused` while one is being re-keyed."""
    vault = await open_vault(context, MATCHING)
    stored = await vault.get(MATCHING_GENERATIONS_KEY)
    before = None if stored is None else decode(Generations, stored)
    if before is not None and before.previous is not None:
        raise Refused(f"generation {before.previous} is still looked up: retire it first (register:retire)")
    after = Generations(current=1) if before is None else _following(before)
    secret = context.derived(f"matching secret {after.current}")
    await vault.put_many({MATCHING_GENERATIONS_KEY: encode(after), matching_secret_key(after.current): secret})
    return after


def _following(before: Generations) -> Generations:
    return Generations(current=before.current + 1, previous=before.current)


async def retire_secret(context: Context) -> Generations:
    """Purge the previous generation's secret: what still stands under it is found no more."""
    vault = await open_vault(context, MATCHING)
    before = await read_generations(vault)
    if before.previous is None:
        return before
    await _require_day_of(context, before.current)
    after = Generations(current=before.current)
    await vault.put_many({MATCHING_GENERATIONS_KEY: encode(after)})
    await vault.purge_named([vault.name(matching_secret_key(before.previous))])
    return after


async def look_up(context: Context, papers: Vault, bank: str, loan_id: str) -> Matched:
    """Give the loan the tokens of all that it has put before the register, of every live generation; and where it
    stands in the register, let the bank know its marks under each.

    It writes at every call: on Fabric a transaction that writes nothing needs the chaincode's endorsers, not SAFE's.
    """
    presented = await presented_of(papers, loan_id)
    generations, secrets = await _secrets(context)
    looked_up = tuple(_tokens_of(paper, secrets) for paper in presented.papers)
    writes = {tokens_key(loan_id): encode(LoanTokens(papers=looked_up))}
    holding = await _holding(papers, loan_id)
    if holding is not None:
        standing = [_tokens_of(paper, secrets) for paper in holding.papers]
        tokens = [token for paper in standing for token in paper.every]
        writes |= {mark_key(mark_of(holding.secret, token)): loan_id.encode() for token in tokens}
    await (await open_vault(context, shared_with(bank))).put_many(writes)
    return Matched(generation=generations.current, papers=len(looked_up))


async def _secrets(context: Context) -> tuple[Generations, dict[int, bytes]]:
    """The secrets of every live generation, the current one first. The generation of the business day is one of them,
    so its secret is asked for with what tells the others."""
    keys = [MATCHING_GENERATIONS_KEY, matching_secret_key(await read_matching_generation(context))]
    vault = await open_vault(context, MATCHING, keys)
    await vault.get_many(keys)
    generations = await read_generations(vault)
    found = await vault.get_many([matching_secret_key(each) for each in generations.live])
    return generations, {
        generation: secret for generation, secret in zip(generations.live, found, strict=True) if secret is not None
    }


def _tokens_of(paper: PaperFingerprint, secrets: Mapping[int, bytes]) -> PaperTokens:
    sets = tuple(token_set(generation, secret, paper.fingerprint) for generation, secret in secrets.items())
    return PaperTokens(kind=paper.kind, id=paper.id, exact=paper.fingerprint.digest, sets=sets)


async def _holding(papers: Vault, loan_id: str) -> Holding | None:
    stored = await papers.get(holding_key(loan_id))
    return None if stored is None else decode(Holding, stored)


async def rekey_pairs(context: Context, papers: Vault, bank: str, loan_ids: Sequence[str]) -> Rekeying:
    """What of a bank's loans still stands under the previous generation, and where it is to stand. Raises `NotFound`
    for a loan that has nothing in the register, `Refused` for one that was not looked up since the rotation."""
    generations, secrets = await _secrets(context)
    pairs: list[RekeyPair] = []
    for loan_id in loan_ids if generations.previous is not None else ():
        holding = await _holding(papers, loan_id)
        if holding is None:
            raise NotFound(f"loan {loan_id} has nothing in the register", loan_id=loan_id)
        lookup = await open_lookup(context, bank, loan_id)
        _require_both(lookup, holding, generations)
        for paper in holding.papers:
            new, old = _tokens_of(paper, secrets).sets
            pairs += [_pair(holding.secret, *each) for each in zip(old.every, new.every, strict=True)]
    rows = await read_rows(context, [pair.old for pair in pairs])
    standing = {pair.old_mark: pair for pair in pairs if pair.old_mark in rows[pair.old].marks}
    return Rekeying(generation=generations.current, pairs=tuple(standing[mark] for mark in sorted(standing)))


def _require_both(lookup: Lookup, holding: Holding, generations: Generations) -> None:
    if not all(lookup.tokens.has(paper, each) for paper in holding.papers for each in generations.live):
        raise Refused(
            f"loan {holding.loan_id} has no tokens of generation {generations.current} yet: look its papers up first "
            "(register:match)",
            loan_id=holding.loan_id,
        )


def _pair(secret: str, old: str, new: str) -> RekeyPair:
    return RekeyPair(old=old, new=new, old_mark=mark_of(secret, old), new_mark=mark_of(secret, new))


async def move_marks(context: Context, rekeying: Rekeying) -> int:
    """Move marks to the rows of the day's generation, as they stand; how many were moved. What its loan has taken along
    meanwhile is left as it is."""
    await _require_day_of(context, rekeying.generation)
    rows: dict[str, FinancedRow] = await read_rows(
        context, [token for pair in rekeying.pairs for token in (pair.old, pair.new)]
    )
    moved: set[str] = set()
    for pair in rekeying.pairs:
        standing = rows[pair.old].marks.get(pair.old_mark)
        if standing is not None:
            rows[pair.new] = rows[pair.new].with_mark(pair.new_mark, standing)
            rows[pair.old] = rows[pair.old].without(pair.old_mark)
            moved |= {pair.old, pair.new}
    await write_rows(context, {token: rows[token] for token in moved})
    return len(moved) // 2


async def _require_day_of(context: Context, generation: int) -> None:
    """Before the day that goes by a generation approvals look up the one before alone."""
    day = await read_matching_generation(context)
    if day != generation:
        raise Refused(
            f"the business day goes by generation {day} of the matching secret, not {generation}: open it anew under "
            f"{generation} first (calendar:open)"
        )
