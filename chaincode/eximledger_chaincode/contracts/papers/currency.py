"""Whether a bank's copies may be decided by: all that is asked of was pulled, and is kept up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from eximledger_chaincode.contracts.papers.consents import read_standing, require_current
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.keys import copied_key
from eximledger_chaincode.contracts.state.members import read_consortium
from eximledger_chaincode.contracts.state.names import CUSTOMS
from eximledger_chaincode.contracts.state.vault import KeyReader
from eximledger_chaincode.lending.consent import Scope
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import Refused

__all__ = ["allowed_of_fx", "require_copied"]

_SCOPES: Final[dict[bool, tuple[Scope, ...]]] = {True: ("declarations",), False: ("classification", "receipts")}


async def allowed_of_fx(context: Context, exporter: str) -> list[Scope]:
    """What of SAFE's facts the exporter lets the caller, a bank, read by customs' channel."""
    bank = context.creator.msp_id
    if (await read_consortium(context)).roles.get(bank) is not Role.BANK:
        return []  # SAFE and customs keep no collection of consents with themselves
    standing = await read_standing(context, [(exporter, bank, scope) for scope in _SCOPES[False]])
    return [scope for (_, _, scope), holds in standing.items() if holds]


async def require_copied(
    context: Context,
    copies: KeyReader,
    exporter: str,
    numbers: Sequence[str],
    invoices: Sequence[str] = (),
    allowed: Collection[Scope] = (),
) -> None:
    """Raises `NotAuthorized` where a bank asks without consent, `Refused` (its `pull` is the channel to pull on) where
    it has not pulled what it asks of: what was left out of the copies must not count as not being there. What is
    `allowed` was asked of customs already."""
    consortium = await read_consortium(context)
    if consortium.roles.get(context.creator.msp_id) is not Role.BANK:
        return
    of_customs = context.channel == CUSTOMS
    if not set(_SCOPES[of_customs]) <= set(allowed):
        await require_current(context, consortium, copies, exporter, numbers, _SCOPES[of_customs])
    declarations = [] if of_customs else [copied_key(exporter, "declaration", number) for number in numbers]
    wanted = [copied_key(exporter, "invoice", number) for number in invoices]
    found = await copies.get_many([copied_key(exporter, "sums"), *wanted, *declarations])
    missing = None in found[: 1 + len(wanted)]
    unknown = [number for number, value in zip(numbers, found[1 + len(wanted) :], strict=False) if value is None]
    if unknown and not missing:  # one that customs has not shown to the bank is not there for SAFE's copies either
        missing = any(await ask(context, list[bool], CUSTOMS, "copies:owned", exporter, unknown))
    if missing:
        raise Refused(
            f"not all of this was pulled from channel {context.channel} for exporter {exporter}: pull it first",
            pull=context.channel,
        )
