"""authorisations: what an exporter lets a bank read of it, on the customs channel."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.papers.authorising import (
    begin_authorising,
    file_authorisation,
    file_consent,
    file_revocation,
)
from eximledger_chaincode.contracts.papers.consents import ConsentBook, Reader, read_book, read_standing
from eximledger_chaincode.contracts.state.calendar import BusinessDay
from eximledger_chaincode.contracts.state.keys import BUSINESS_DAY_KEY
from eximledger_chaincode.contracts.state.lists import PageSize, page_json, read_page
from eximledger_chaincode.contracts.state.members import read_consortium, require_role
from eximledger_chaincode.contracts.state.names import CUSTOMS, MAIN_COLLECTION, require_channel
from eximledger_chaincode.contracts.state.vault import open_vault
from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.documents.parts.identifiers import Uscc
from eximledger_chaincode.lending.consent import OfficerConsent, SignedAuthorisation, SignedRevocation
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.contract import Context, Contract, Encoded, query, transaction
from hlf_chaincode.errors import NotAuthorized

__all__ = ["AuthorisationsContract", "ConsentPage"]

Readers: TypeAlias = Annotated[list[Reader], Field(max_length=3_000)]
Answers: TypeAlias = list[bool]


class ConsentPage(Value):
    """One page of consent books; `bookmark` starts the next page, "" at the end."""

    bookmark: str
    books: tuple[ConsentBook, ...]


class AuthorisationsContract(Contract):
    """A bank files what its exporter has signed; endorsed by customs' peer alone, which is to be named."""

    name: ClassVar[str] = "authorisations"

    @transaction(private=True)
    async def open(self, context: Context, day: Day) -> BusinessDay:
        """Open a business day, or the same one anew, as on the bank channel; by the fx-bureau. No consent is filed
        before the first, and none holds that begins after the last."""
        require_channel("authorisations", CUSTOMS, context.channel)
        return await begin_authorising(context, await read_consortium(context), day)

    @transaction(private=True)
    async def authorise(self, context: Context, signed: SignedAuthorisation) -> ConsentBook:
        """File an authorisation that the exporter has signed; by the bank that it is for."""
        require_channel("authorisations", CUSTOMS, context.channel)
        return await file_authorisation(context, await read_consortium(context), signed)

    @transaction(private=True)
    async def consent(self, context: Context, given: OfficerConsent) -> ConsentBook:
        """File what a bank's officer has on a paper form, where the consortium's floors allow it; SAFE sees each."""
        require_channel("authorisations", CUSTOMS, context.channel)
        return await file_consent(context, await read_consortium(context), given)

    @transaction(private=True)
    async def revoke(self, context: Context, signed: SignedRevocation) -> str:
        """File a revocation that the exporter has signed; by customs, the fx-bureau, or the bank whose authorisation it
        takes back. Answers whose it was, "" where none was filed. What was copied is purged by `copies:purge`, on both
        channels."""
        require_channel("authorisations", CUSTOMS, context.channel)
        return await file_revocation(context, await read_consortium(context), signed)

    @query(ahead=True)
    async def standing(self, context: Context, readers: Readers) -> Answers:
        """Which banks may read what of which exporters on the day of the call; a bank asks of itself."""
        require_channel("authorisations", CUSTOMS, context.channel)
        asker = context.creator.msp_id
        is_bank = (await read_consortium(context, [BUSINESS_DAY_KEY])).roles.get(asker) is Role.BANK
        if is_bank and {bank for _, bank, _ in readers} - {asker}:
            raise NotAuthorized(f"what exporters let other banks read is not for {asker} to see", msp_id=asker)
        answers = await read_standing(context, readers)
        return [answers[reader] for reader in readers]

    @query
    async def book(self, context: Context, exporter: Uscc, bank: str = "") -> ConsentBook:
        """What an exporter has ever let a bank read: the calling bank, or for customs and SAFE the one named."""
        require_channel("authorisations", CUSTOMS, context.channel)
        return await read_book(context, await read_consortium(context), exporter, bank)

    @query
    async def list(self, context: Context, page_size: PageSize = 100, bookmark: str = "") -> Encoded[ConsentPage]:
        """A page of all books, in the order in which they were begun; for customs and SAFE."""
        require_channel("authorisations", CUSTOMS, context.channel)
        require_role(context, await read_consortium(context), {Role.CUSTOMS, Role.FX_BUREAU})
        main = await open_vault(context, MAIN_COLLECTION[CUSTOMS])
        page = await read_page(context, main, "consents", page_size, bookmark)
        return Encoded(page_json("books", page.values, page.bookmark))
