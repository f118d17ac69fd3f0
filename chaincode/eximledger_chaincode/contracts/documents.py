"""documents: what the members file, each kind on its own channel, every version kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, ClassVar, Final, TypeAlias, cast

from pydantic import Field, TypeAdapter

from eximledger_chaincode.contracts.attached.attaching import attach, read_attached
from eximledger_chaincode.contracts.casefile.ahead import customs_keys, next_customs_keys
from eximledger_chaincode.contracts.casefile.facts import FxCase, FxFacts
from eximledger_chaincode.contracts.casefile.fx_reading import AskedOfFx, fx_facts_json
from eximledger_chaincode.contracts.casefile.price_bands import read_bands, require_ended
from eximledger_chaincode.contracts.casefile.wanted import MAX_RATE_REQUESTS, NamedElsewhere
from eximledger_chaincode.contracts.papers.answers import (
    AnyDocument,
    CustomsFacts,
    EntryPage,
    HistoryItem,
    brief_entries,
)
from eximledger_chaincode.contracts.papers.currency import allowed_of_fx, require_copied
from eximledger_chaincode.contracts.papers.filing import Filing, file_documents
from eximledger_chaincode.contracts.papers.reading import (
    exporter_declared,
    find_records,
    rate_keys,
    read_earlier,
    read_history,
    read_rates,
    read_record,
    read_records,
)
from eximledger_chaincode.contracts.papers.receipts import file_receipts, receipts_naming
from eximledger_chaincode.contracts.state.indexes import list_of
from eximledger_chaincode.contracts.state.keys import (
    BUSINESS_DAY_KEY,
    NOBODY,
    WATCH_LISTS_KEY,
    document_key,
    seal_key,
)
from eximledger_chaincode.contracts.state.lists import PageSize, page_json, read_page
from eximledger_chaincode.contracts.state.members import read_consortium
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX, placement_of, require_channel
from eximledger_chaincode.contracts.state.records import (
    decode_once,
    encode,
    entry_json,
    entry_of,
    object_json,
    record_list,
)
from eximledger_chaincode.contracts.state.shelves import Shelf, open_shelf
from eximledger_chaincode.contracts.watchlists.shared import screen_shared
from eximledger_chaincode.documents import (
    MAX_NAMED,
    Document,
    Entry,
    ExportDeclaration,
    FxReceipt,
    PriceBand,
    Record,
    ReferenceRate,
    WatchList,
    document_type,
)
from eximledger_chaincode.documents.attached.attachment import Attachment, NewAttachment
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber, Number, Uscc
from eximledger_chaincode.documents.parts.money import Currency
from eximledger_chaincode.lending.collecting.naming import ReceiptNaming
from eximledger_chaincode.lending.consent import SCOPES, Scope
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Context, Contract, Encoded, query, transaction, validated
from hlf_chaincode.errors import Refused

__all__ = ["MAX_DOCUMENTS", "DocumentsContract", "RateRequest"]

MAX_DOCUMENTS: Final = 500
"""Documents of one `put_many` or `get_many`."""

Ids: TypeAlias = Annotated[list[str], Field(max_length=MAX_DOCUMENTS)]
Receipts: TypeAlias = Annotated[list[Number], Field(max_length=MAX_NAMED)]
InvoiceNumbers: TypeAlias = Annotated[list[Number], Field(max_length=2 * MAX_NAMED)]
"""As the application writes them, and as its papers do."""
Numbers: TypeAlias = Annotated[list[DeclarationNumber], Field(max_length=MAX_NAMED)]
Scopes: TypeAlias = Annotated[tuple[Scope, ...], Field(max_length=len(SCOPES))]
RateRequest: TypeAlias = tuple[Currency, Day]
RateRequests: TypeAlias = Annotated[list[RateRequest], Field(max_length=MAX_RATE_REQUESTS)]
Rates: TypeAlias = list[Record[ReferenceRate] | None]
Attachments: TypeAlias = list[Attachment]
History: TypeAlias = list[HistoryItem]
Seals: TypeAlias = list[str | None]
Namings: TypeAlias = list[ReceiptNaming]


class DocumentsContract(Contract):
    """Filing and reading. `bank` names whose paper is meant, for what banks keep to themselves; "" is the caller's
    own. A bank reads declarations, classes and receipts from the copies that it has (`copies`)."""

    name: ClassVar[str] = "documents"

    @transaction(private=True)
    async def put(self, context: Context, kind: str, document: Encoded[AnyDocument]) -> Encoded[Entry]:
        """File a document."""
        _require_fileable(kind)
        (filing,) = await _file(context, kind, [document_type(kind).parse(document.data)])
        return Encoded(filing.entry_json)

    @transaction(private=True, brief=brief_entries)
    async def put_many(
        self, context: Context, kind: str, documents: Encoded[list[AnyDocument]]
    ) -> Encoded[list[Entry]]:
        """File up to 500 documents of one kind in one transaction. The short answer leaves out what the documents
        themselves tell (`papers.answers`)."""
        _require_fileable(kind)
        parsed = validated("documents", lambda: _many(kind).validate_json(documents.data))
        filings = await _file(context, kind, parsed)
        return Encoded(record_list([filing.entry_json for filing in filings]))

    @transaction(private=True)
    async def attach(self, context: Context, kind: str, id: str, attachment: NewAttachment) -> Attachment:
        """Attach a file to a paper of the caller's own: its hash, type, size and name. The bytes go elsewhere."""
        require_channel("documents:attach", BANK, context.channel)
        _require_fileable(kind)
        return await attach(context, kind, id, attachment)

    @query
    async def attachments(self, context: Context, kind: str, id: str, bank: str = "") -> Attachments:
        """What is attached to a paper, in the order in which it came."""
        require_channel("documents:attachments", BANK, context.channel)
        return await read_attached(context, kind, id, bank)

    @query
    async def get(self, context: Context, kind: str, id: str, bank: str = "") -> Encoded[Record[AnyDocument]]:
        """The latest version of a document with its entry."""
        return Encoded(await read_record(await _shelf(context, kind, bank), kind, id))

    @query
    async def get_many(
        self, context: Context, kind: str, ids: Ids, bank: str = ""
    ) -> Encoded[list[Record[AnyDocument] | None]]:
        """The latest versions of up to 500 documents, null where there is none."""
        return Encoded(record_list(await read_records(await _shelf(context, kind, bank), kind, ids)))

    @query
    async def find(self, context: Context, kind: str, number: str, exporter: str = "", bank: str = "") -> list[Entry]:
        """Entries that carry a paper's bare number, however it is spelt."""
        shelf = await _shelf(context, kind, bank)
        entries = [entry_of(record) for record in await find_records(shelf, kind, number, number)]
        return [entry for entry in entries if not exporter or entry.exporter == exporter]

    @query
    async def list(
        self,
        context: Context,
        kind: str,
        exporter: str = "",
        page_size: PageSize = 100,
        bookmark: str = "",
        bank: str = "",
    ) -> Encoded[EntryPage]:
        """A page of entries in the order in which the documents were first filed; with an exporter only its own."""
        page = await read_page(context, await _shelf(context, kind, bank), list_of(kind, exporter), page_size, bookmark)
        return Encoded(page_json("entries", [entry_json(value) for value in page.values], page.bookmark))

    @query
    async def history(self, context: Context, kind: str, id: str, bank: str = "") -> History:
        """Every version, newest first; at most the last 1000."""
        return await read_history(await _shelf(context, kind, bank), kind, id)

    @query(ahead=True)
    async def customs_facts(
        self, context: Context, numbers: Numbers, exporter: Uscc, since: Day, until: Day
    ) -> Encoded[CustomsFacts]:
        """The declarations named that exist, with their replaced versions, the seals of all that are named, the price
        bands for their goods, and what the exporter declared in the whole months of a period, cancelled ones left out.
        A bank is answered from its copies, as long as these are kept up."""
        require_channel("documents:customs_facts", CUSTOMS, context.channel)
        keys = customs_keys(exporter, context.creator.msp_id, numbers, since, until)
        await read_consortium(context, [BUSINESS_DAY_KEY])
        shelf = await _shelf(context, "declaration", ahead=keys)
        await shelf.get_many(keys)
        await require_copied(context, shelf, exporter, numbers)
        records = await read_records(shelf, "declaration", numbers)
        known = [record for record in records if record is not None]
        await shelf.get_many(await next_customs_keys(shelf, exporter, known, since, until))
        declared, exported = await exporter_declared(shelf, exporter, since, until)
        parts = {
            "declarations": record_list(known),
            "earlier": record_list(await read_earlier(shelf, exporter, known)),
            "price_bands": record_list(await read_bands(await _shelf(context, PriceBand.KIND), known)),
            "exported": encode(exported),
            "declared": record_list([encode(amount) for amount in declared]),
            "seals": canonical_json(await _seals(shelf, numbers)),
            "allowed": canonical_json(await allowed_of_fx(context, exporter)),
            "since": canonical_json(since),
            "until": canonical_json(until),
        }
        return Encoded(object_json(parts))

    @query(ahead=True)
    async def seals(self, context: Context, numbers: Numbers) -> Seals:
        """The seals of declarations (hexadecimal), null where the caller has none: with a seal, what is held of a
        declaration is found and read on the bank channel."""
        require_channel("documents:seals", CUSTOMS, context.channel)
        keys = [document_key(ExportDeclaration.KIND, number) for number in numbers]
        return await _seals(await _shelf(context, ExportDeclaration.KIND, ahead=keys), numbers)

    @query
    async def fx_facts(
        self,
        context: Context,
        exporter: Uscc,
        numbers: Numbers,
        invoices: InvoiceNumbers,
        receipts: Receipts,
        since: Day,
        until: Day,
    ) -> Encoded[FxFacts]:
        """What SAFE knows for a case: the exporter's classes and total differences, the receipts named, what its
        receipts name of these declarations and invoices (numbers in their compared form), and what was received in the
        months of a period. A bank is answered from its copies, as long as these are kept up."""
        require_channel("documents:fx_facts", FX, context.channel)
        asked = AskedOfFx(exporter, numbers, invoices, receipts, since, until)
        return Encoded(await fx_facts_json(context, await _shelf(context, FxReceipt.KIND, ahead=asked.keys), asked))

    @query(ahead=True)
    async def fx_case(
        self,
        context: Context,
        exporter: Uscc,
        numbers: Numbers,
        invoices: InvoiceNumbers,
        receipts: Receipts,
        since: Day,
        until: Day,
        named: NamedElsewhere,
        allowed: Scopes = (),
    ) -> Encoded[FxCase]:
        """SAFE's part of a case in one answer: the same facts, and the quotations and list entries that these call for
        together with what the case's other papers name.

        `allowed` is what customs has told the asker that the exporter lets it read (`CustomsFacts.allowed`); of what
        is not in it customs is asked. It guards decisions, not copies, which the bank has: a contract that decides
        asks customs itself, in the same transaction.
        """
        require_channel("documents:fx_case", FX, context.channel)
        asked = AskedOfFx(exporter, numbers, invoices, receipts, since, until, allowed)
        await read_consortium(context, [WATCH_LISTS_KEY, *rate_keys(named.rates)])
        facts = await fx_facts_json(context, await _shelf(context, FxReceipt.KIND, ahead=asked.keys), asked)
        wanted = named.with_fx(decode_once(FxFacts, facts))
        parts = {
            "facts": facts,
            "rates": record_list(await read_rates(await _shelf(context, "rate"), wanted.rates)),
            "listed": encode(await screen_shared(context, wanted.subjects, named.foreign, named.least)),
        }
        return Encoded(object_json(parts))

    @query
    async def receipts_for(
        self, context: Context, exporter: Uscc, numbers: Numbers, invoices: InvoiceNumbers
    ) -> Namings:
        """The booked receipts that name these declarations, or the exporter's that name these invoices (numbers in
        their compared form); a bank is answered from its copies."""
        require_channel("documents:receipts_for", FX, context.channel)
        return list(await receipts_naming(await _shelf(context, FxReceipt.KIND), exporter, numbers, invoices))

    @query
    async def rates(self, context: Context, requests: RateRequests) -> Encoded[Rates]:
        """For each currency and day the quotation of that day, or the last one of the ten days before."""
        require_channel("documents:rates", FX, context.channel)
        return Encoded(record_list(await read_rates(await _shelf(context, "rate"), requests)))


async def _seals(shelf: Shelf, numbers: Sequence[str]) -> Seals:
    """Under whose declaration each is now."""
    records = await read_records(shelf, ExportDeclaration.KIND, numbers)
    keys = [
        None if record is None else seal_key(entry_of(record).exporter or NOBODY, number)
        for number, record in zip(numbers, records, strict=True)
    ]
    known = [key for key in keys if key is not None]
    stored = dict(zip(known, await shelf.get_many(known), strict=True))
    seals = [None if key is None else stored[key] for key in keys]
    return [None if seal is None else seal.decode() for seal in seals]


async def _shelf(context: Context, kind: str, bank: str = "", ahead: Sequence[str] = ()) -> Shelf:
    placement = placement_of(kind, context.channel)
    return await open_shelf(context, await read_consortium(context), placement, bank, ahead)


async def _file(context: Context, kind: str, documents: Sequence[Document]) -> Sequence[Filing]:
    """The filing of each document; receipts may change others that stand."""
    require_ended([each for each in documents if isinstance(each, PriceBand)], context.timestamp)
    receipts = [document for document in documents if isinstance(document, FxReceipt)]
    if receipts:
        return await file_receipts(context, receipts)
    return await file_documents(context, kind, documents)


def _require_fileable(kind: str) -> None:
    if kind == "application":
        raise Refused("an application is filed by loans:apply")
    if kind == "policy":
        raise Refused("a policy is made by two persons: policies:propose, then policies:confirm")
    if issubclass(document_type(kind), WatchList):
        raise Refused("a watch list is filed in parts: watch:begin, then watch:entries and watch:index, watch:activate")


@lru_cache(maxsize=16)
def _many(kind: str) -> TypeAdapter[list[Document]]:
    bounded = Annotated[list[document_type(kind)], Field(min_length=1, max_length=MAX_DOCUMENTS)]  # type: ignore[misc,valid-type]  # named at run time
    return TypeAdapter(cast("type[list[Document]]", bounded))
