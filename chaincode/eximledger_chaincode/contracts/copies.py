"""copies: what a bank has of an exporter's declarations, classes and receipts, under the exporter's authorisation."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.papers.consents import read_standing
from eximledger_chaincode.contracts.papers.keeping import keep_declarations, purge_copies
from eximledger_chaincode.contracts.papers.pulling import pull_declarations, pull_exchange
from eximledger_chaincode.contracts.papers.recipients import Recipient, read_recipients
from eximledger_chaincode.contracts.state.keys import BUSINESS_DAY_KEY, consents_key, document_key
from eximledger_chaincode.contracts.state.members import read_consortium, require_role
from eximledger_chaincode.contracts.state.names import CUSTOMS, FX, MAIN_COLLECTION, require_channel, shared_with
from eximledger_chaincode.contracts.state.records import entry_of
from eximledger_chaincode.contracts.state.vault import open_vault
from eximledger_chaincode.documents import MAX_NAMED
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber, MspId, Number, Uscc
from eximledger_chaincode.lending.consent import SCOPES, Scope
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.contract import Context, Contract, query, transaction
from hlf_chaincode.errors import Refused

__all__ = ["CopiesContract"]

Numbers: TypeAlias = Annotated[list[DeclarationNumber], Field(max_length=MAX_NAMED)]
Named: TypeAlias = Annotated[list[Number], Field(max_length=2 * MAX_NAMED)]
Scopes: TypeAlias = Annotated[tuple[Scope, ...], Field(max_length=len(SCOPES))]
OwnedFlags: TypeAlias = list[bool]
Ids: TypeAlias = list[str]
Recipients: TypeAlias = list[Recipient]


class CopiesContract(Contract):
    """A bank pulls what a case needs, and whoever files keeps it up. Name the writer's organisation as the one that
    endorses: no other peer has what is copied."""

    name: ClassVar[str] = "copies"

    @transaction(private=True)
    async def begin(self, context: Context) -> None:
        """Make the secret of the writer's collection before a bank's call does; by the writer or the fx-bureau. Once it
        is made nothing changes."""
        _require_source(context)
        require_role(context, await read_consortium(context), {Role.CUSTOMS, Role.FX_BUREAU})
        await (await open_vault(context, MAIN_COLLECTION[context.channel])).begin()

    @transaction(private=True)
    async def declarations(self, context: Context, exporter: Uscc, numbers: Numbers) -> Ids:
        """Copy declarations from customs, with the exporter's totals; the numbers of those that are its own."""
        require_channel("copies:declarations", CUSTOMS, context.channel)
        consortium = await read_consortium(context, [BUSINESS_DAY_KEY])
        return await pull_declarations(context, consortium, exporter, numbers)

    @transaction(private=True)
    async def exchange(
        self, context: Context, exporter: Uscc, numbers: Numbers, invoices: Named, receipts: Named
    ) -> Ids:
        """Copy classes and receipts from SAFE, and what receipts name of these declarations (of which customs' copies
        are there) and invoices (compared numbers); the ids of the receipts named that were found."""
        require_channel("copies:exchange", FX, context.channel)
        return await pull_exchange(context, await read_consortium(context), exporter, numbers, invoices, receipts)

    @transaction(private=True)
    async def keep(self, context: Context, exporter: Uscc, numbers: Numbers) -> Ids:
        """Say which of the exporter's declarations this bank's loans hold, all of them: their copies are kept up also
        when the authorisation has ended. Only copies that the bank has."""
        _require_source(context)
        return await keep_declarations(context, await read_consortium(context), exporter, numbers)

    @transaction(private=True)
    async def purge(self, context: Context, exporter: Uscc, bank: MspId) -> None:
        """Purge a bank's copies of an exporter that no authorisation allows and no loan of the bank holds."""
        _require_source(context)
        await purge_copies(context, await read_consortium(context), exporter, bank)

    @query
    async def owned(self, context: Context, exporter: Uscc, numbers: Numbers, scopes: Scopes = ()) -> OwnedFlags:
        """Whether the calling bank has a copy of each declaration as this exporter's. Where scopes are named, before
        that: whether the exporter lets the bank read each of them on the day of the call."""
        require_channel("copies:owned", CUSTOMS, context.channel)
        bank = context.creator.msp_id
        keys = [document_key("declaration", number) for number in numbers]
        consents = [consents_key(exporter, bank)] if scopes else []
        copies = await open_vault(context, shared_with(bank), [*keys, *consents])
        standing = await read_standing(context, [(exporter, bank, scope) for scope in scopes])
        owned = [value is not None and entry_of(value).exporter == exporter for value in await copies.get_many(keys)]
        return [standing[exporter, bank, scope] for scope in scopes] + owned

    @query
    async def recipients(self, context: Context, numbers: Numbers) -> Recipients:
        """Which banks have copies of declarations; for customs and the fx-bureau."""
        require_channel("copies:recipients", CUSTOMS, context.channel)
        return await read_recipients(context, await read_consortium(context), numbers)


def _require_source(context: Context) -> None:
    if context.channel not in {CUSTOMS, FX}:
        raise Refused(f"copies are kept on channels {CUSTOMS} and {FX}, not on {context.channel}: call it there")
