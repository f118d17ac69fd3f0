"""Consent as state: what an exporter lets a bank read, and whether it holds at the time of a transaction.

Consents stand on the customs channel: in customs' own vault, and in the copies of the bank that each is for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal, TypeAlias

from eximledger_chaincode.contracts.state.calendar import read_business_day
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.keys import consents_key, kept_key
from eximledger_chaincode.contracts.state.members import Consortium
from eximledger_chaincode.contracts.state.names import CUSTOMS, MAIN_COLLECTION, shared_with
from eximledger_chaincode.contracts.state.records import decode, decode_once
from eximledger_chaincode.contracts.state.vault import KeyReader, open_vault
from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import First, Moment
from eximledger_chaincode.documents.parts.identifiers import MspId, Uscc
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.consent import Consent, Scope, SignedAuthorisation, SignedRevocation, holding
from eximledger_chaincode.lending.roles import Person, Role
from eximledger_chaincode.lending.time import day_in_china
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import InvalidDocument, NotAuthorized

__all__ = [
    "ConsentBook",
    "FiledConsent",
    "KeptDeclarations",
    "Reader",
    "read_book",
    "read_standing",
    "require_current",
]

Reader: TypeAlias = tuple[Uscc, MspId, Scope]
"""A bank that reads something of an exporter."""


class FiledConsent(Value):
    """One authorisation as it was filed, by whom, and what vouches for it: the exporter's signature, or the hash of the
    form that the bank's officer has seen."""

    consent: Consent
    signed: SignedAuthorisation | None = None
    form_sha256: Hex256 | None = None
    filed_by: Person
    filed_at: Moment
    revocation: SignedRevocation | None = None


class ConsentBook(Value):
    """What one exporter has ever let one bank read."""

    kind: Literal["consent-book"] = "consent-book"
    schema_version: First = 1
    exporter: Uscc
    bank: MspId
    consents: tuple[FiledConsent, ...] = ()

    def holds(self, scope: Scope, day: date, opened: date) -> bool:
        """Whether one of them holds on a day, where SAFE has opened `opened` last."""
        consents = [each.consent for each in self.consents]
        found = holding(consents, bank=self.bank, exporter=self.exporter, scope=scope, day=day, opened=opened)
        return found is not None


class KeptDeclarations(Value):
    """Declarations of one exporter that a bank's loans hold: it is told of them as long as they do."""

    schema_version: First = 1
    numbers: tuple[str, ...] = ()


async def read_standing(context: Context, readers: Sequence[Reader]) -> dict[Reader, bool]:
    """Which of these readings consent allows on the day of the transaction. Asked on fx, customs' channel answers."""
    if not readers:
        return {}
    if context.channel != CUSTOMS:
        answers = await ask(context, list[bool], CUSTOMS, "authorisations:standing", list(readers))
        return dict(zip(readers, answers, strict=True))
    keys = {reader: consents_key(reader[0], reader[1]) for reader in readers}
    wanted = list(dict.fromkeys(keys.values()))
    vault = await open_vault(context, _collection(context, readers), wanted)
    stored = dict(zip(wanted, await vault.get_many(wanted), strict=True))
    today, opened = day_in_china(context.timestamp), await read_business_day(context)
    return {
        reader: opened is not None
        and value is not None
        and decode_once(ConsentBook, value).holds(reader[2], today, opened.day)
        for reader, value in ((reader, stored[key]) for reader, key in keys.items())
    }


def _collection(context: Context, readers: Sequence[Reader]) -> str:
    """A bank asks of itself alone, in its copies; who has the main vault asks there."""
    asker = context.creator.msp_id
    return shared_with(asker) if {bank for _, bank, _ in readers} == {asker} else MAIN_COLLECTION[CUSTOMS]


async def read_book(context: Context, consortium: Consortium, exporter: str, bank: str) -> ConsentBook:
    """What an exporter has ever let a bank read; raises `NotAuthorized` for another bank's."""
    reader = context.creator.msp_id
    if consortium.roles.get(reader) is Role.BANK:
        if bank not in {"", reader}:
            raise NotAuthorized(f"what exporters let {bank} read is not for {reader} to see", bank=bank)
        bank, collection = reader, shared_with(reader)
    else:
        collection = MAIN_COLLECTION[CUSTOMS]
        if consortium.roles.get(bank) is not Role.BANK:
            raise InvalidDocument("bank: say which bank is meant", field="bank", reason="no bank")
    stored = await (await open_vault(context, collection)).get(consents_key(exporter, bank))
    return ConsentBook(exporter=exporter, bank=bank) if stored is None else decode(ConsentBook, stored)


async def require_current(
    context: Context,
    consortium: Consortium,
    copies: KeyReader,
    exporter: str,
    numbers: Collection[str],
    scopes: Sequence[Scope],
) -> None:
    """Raises `NotAuthorized` where the caller is a bank whose copies are not kept up: nothing is decided by what was
    true once. Consent keeps them up, or a loan that holds each of the declarations."""
    bank = context.creator.msp_id
    if consortium.roles.get(bank) is not Role.BANK:
        return
    readers: list[Reader] = [(exporter, bank, scope) for scope in scopes]
    standing = await read_standing(context, readers)
    ended = next((scope for reader, scope in zip(readers, scopes, strict=True) if not standing[reader]), None)
    if ended is None:
        return
    (stored,) = await copies.get_many([kept_key(exporter)])
    kept = set() if stored is None else set(decode(KeptDeclarations, stored).numbers)
    if not numbers or not set(numbers) <= kept:
        raise NotAuthorized(
            f"no authorisation of exporter {exporter} lets {bank} read its {ended} today: have it sign one "
            "(eximledger exporter authorise) and file it; it holds when SAFE has opened its first day",
            exporter=exporter,
            scope=ended,
        )
