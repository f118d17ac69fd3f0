"""What happens to copies when consent ends: those that a loan holds are kept, the others are purged.

Who endorses is shown the hashes of the keys that were read, and when each was written last, handed in or not. So the
writer's vault is not asked for a bank about an exporter of which the bank has nothing: the keys of an exporter's
business would be known again in every block, with the collections of its banks beside them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from eximledger_chaincode.contracts.papers.consents import KeptDeclarations, read_standing
from eximledger_chaincode.contracts.papers.copying import (
    SCOPE_OF_KIND,
    Audience,
    copies_list,
    put_copies,
    read_audience,
    unfollowed,
)
from eximledger_chaincode.contracts.papers.reading import earlier_keys
from eximledger_chaincode.contracts.state.keys import (
    NOBODY,
    audience_key,
    copied_key,
    document_key,
    following_key,
    kept_key,
    receipts_of_declaration_key,
    seal_key,
)
from eximledger_chaincode.contracts.state.lists import list_rows
from eximledger_chaincode.contracts.state.members import Consortium, require_role
from eximledger_chaincode.contracts.state.names import CUSTOMS, MAIN_COLLECTION, shared_with
from eximledger_chaincode.contracts.state.records import encode, entry_of
from eximledger_chaincode.contracts.state.vault import Vault, open_vault
from eximledger_chaincode.lending.roles import Role, person_of
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, Refused

__all__ = ["keep_declarations", "purge_copies"]


async def keep_declarations(
    context: Context, consortium: Consortium, exporter: str, numbers: Sequence[str]
) -> list[str]:
    """Note which declarations the bank's loans hold. Raises `Refused` for one of which it has no copy: what it never
    was shown it is not shown now. Where it has nothing of the exporter there is nothing to note."""
    require_role(context, consortium, {Role.BANK})
    bank = person_of(context.creator).msp_id
    copies = await open_vault(context, shared_with(bank))
    wanted = sorted(set(numbers))
    found = await copies.get_many([_pulled_key(context, exporter, number) for number in wanted])
    known = await copies.get_many([copied_key(exporter, "sums"), kept_key(exporter)])
    if missing := [number for number, value in zip(wanted, found, strict=True) if value is None]:
        raise Refused(f"{bank} has no copy of declaration {missing[0]}: pull it while the authorisation stands")
    if known == [None, None]:
        return wanted
    main = await open_vault(context, MAIN_COLLECTION[context.channel])
    audience = await read_audience(main, exporter)
    kept = KeptDeclarations(numbers=tuple(wanted))
    if audience.banks.get(bank) != kept:
        banks = dict(sorted({**audience.banks, bank: kept}.items()))
        await main.put_many({audience_key(exporter): encode(Audience(banks=banks))})
        await put_copies(context, copies, exporter, {kept_key(exporter): encode(kept)})
    return wanted


def _pulled_key(context: Context, exporter: str, number: str) -> str:
    """What stands where the bank has pulled a declaration as this exporter's: on customs' channel its seal says so."""
    on_customs = context.channel == CUSTOMS
    return seal_key(exporter, number) if on_customs else copied_key(exporter, "declaration", number)


async def purge_copies(context: Context, consortium: Consortium, exporter: str, bank: str) -> None:
    """Purge what the bank may not read any more, by the bank, customs or SAFE. Raises
    `Refused` while consent holds."""
    role = require_role(context, consortium, set(Role))
    if role is Role.BANK and person_of(context.creator).msp_id != bank:
        raise NotAuthorized(f"the copies of {bank} are purged by {bank}, customs or the fx-bureau", bank=bank)
    if consortium.roles.get(bank) is not Role.BANK:
        raise InvalidDocument(f"bank: the consortium has no bank {bank}", field="bank", reason="no bank")
    scopes = sorted(set(SCOPE_OF_KIND.values()))
    standing = await read_standing(context, [(exporter, bank, scope) for scope in scopes])
    if any(standing.values()):
        raise Refused(f"an authorisation of exporter {exporter} for {bank} stands: it is revoked first", bank=bank)
    copies = await open_vault(context, shared_with(bank))
    rows = [] if copies.is_empty else [row async for row in list_rows(context, copies, copies_list(exporter))]
    if not rows:
        return
    main = await open_vault(context, MAIN_COLLECTION[context.channel])
    audience = await read_audience(main, exporter)
    kept = audience.banks.get(bank, KeptDeclarations()).numbers
    spared = {copies.name(key) for key in [*_of_kept(exporter, kept), *await _earlier_of(copies, kept)]}
    doomed = [row for row in rows if row.name not in spared]
    await _unfollow(main, await copies.get_named([row.name for row in doomed]), bank)
    await copies.purge_named(row.name for row in doomed)
    for row in doomed:
        await context.stub.delete_state(row.key)
    if not kept and bank in audience.banks:
        banks = {each: value for each, value in audience.banks.items() if each != bank}
        await main.put_many({audience_key(exporter): encode(Audience(banks=banks))})


async def _unfollow(main: Vault, purged: Sequence[bytes | None], bank: str) -> None:
    """Let nobody bring up, or name as the bank's, what it has no more."""
    keys = sorted({key for value in purged if value is not None for key in _followed_by(value)})
    stored = await main.get_many(keys)
    await main.put_many({
        key: unfollowed(value, bank) for key, value in zip(keys, stored, strict=True) if value is not None
    })  # fmt: skip


def _followed_by(value: bytes) -> list[str]:
    """The key under which the writer knows who has this copy, where it is of a document or tells of a declaration."""
    try:
        fields = json.loads(value)
    except ValueError:
        return []  # a seal
    if not isinstance(fields, dict):
        return []
    if fields.get("kind") == "copied":
        return [following_key("declaration", fields["number"])] if fields["what"] == "declaration" else []
    return [following_key(fields["kind"], fields["id"])] if "document" in fields else []


async def _earlier_of(copies: Vault, numbers: Sequence[str]) -> list[str]:
    """The replaced versions of declarations: a paper that is equal to one was true once."""
    stored = await copies.get_many([document_key("declaration", number) for number in numbers])
    return [key for value in stored if value is not None for key in earlier_keys(entry_of(value))]


def _of_kept(exporter: str, numbers: Sequence[str]) -> list[str]:
    keys = [kept_key(exporter)] if numbers else []
    for number in numbers:
        keys += [document_key("declaration", number), seal_key(exporter, number)]
        keys += [copied_key(exporter, "declaration", number)]
        keys += [receipts_of_declaration_key(owner, number) for owner in (exporter, NOBODY)]
    return keys
