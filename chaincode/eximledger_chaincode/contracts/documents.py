"""documents: what the members file, each kind on its own channel, every version kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, ClassVar, Final, TypeAlias, cast

from pydantic import Field, TypeAdapter

from eximledger_chaincode.contracts.casefile.assembling import MAX_RATE_REQUESTS
from eximledger_chaincode.contracts.casefile.facts import FxFacts
from eximledger_chaincode.contracts.papers.answers import AnyDocument, CustomsFacts, EntryPage, HistoryItem
from eximledger_chaincode.contracts.papers.filing import Filing, file_documents
from eximledger_chaincode.contracts.papers.private import require_reader
from eximledger_chaincode.contracts.papers.reading import (
    exporter_declared,
    exporter_received,
    find_entries,
    read_classifications,
    read_entry,
    read_history,
    read_named,
    read_rates,
    read_record,
    read_records,
)
from eximledger_chaincode.contracts.papers.receipts import file_receipts, receipts_naming, unallocated, whose_unsaid
from eximledger_chaincode.contracts.state.keys import DOCUMENT, EXPORTER, document_key
from eximledger_chaincode.contracts.state.members import read_consortium
from eximledger_chaincode.contracts.state.names import CUSTOMS, FX, placement_of, require_channel
from eximledger_chaincode.contracts.state.paging import PageSize, key_page, page_json
from eximledger_chaincode.contracts.state.records import encode, entry_json, object_json, record_list
from eximledger_chaincode.documents import (
    MAX_NAMED,
    Document,
    Entry,
    FxReceipt,
    Kind,
    Record,
    ReferenceRate,
    document_type,
)
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber, Number, Uscc
from eximledger_chaincode.documents.parts.money import Currency
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Context, Contract, Encoded, query, transaction, validated
from hlf_chaincode.errors import InvalidDocument, Refused

__all__ = ["MAX_DOCUMENTS", "DocumentsContract", "RateRequest"]

MAX_DOCUMENTS: Final = 500
"""Documents of one `put_many` or `get_many`."""

Ids: TypeAlias = Annotated[list[str], Field(max_length=MAX_DOCUMENTS)]
Receipts: TypeAlias = Annotated[list[Number], Field(max_length=MAX_NAMED)]
InvoiceNumbers: TypeAlias = Annotated[list[Number], Field(max_length=2 * MAX_NAMED)]
"""As the application writes them, and as its papers do."""
Numbers: TypeAlias = Annotated[list[DeclarationNumber], Field(max_length=MAX_NAMED)]
RateRequest: TypeAlias = tuple[Currency, Day]
RateRequests: TypeAlias = Annotated[list[RateRequest], Field(max_length=MAX_RATE_REQUESTS)]
Rates: TypeAlias = list[Record[ReferenceRate] | None]
History: TypeAlias = list[HistoryItem]


class DocumentsContract(Contract):
    """Filing and reading. `bank` names whose paper is meant, for private kinds; "" is the caller's own."""

    name: ClassVar[str] = "documents"

    @transaction
    async def put(self, context: Context, kind: str, document: Encoded[AnyDocument | None]) -> Encoded[Entry]:
        """File a document: the argument, or for a private kind `null` and the document in transient "document"."""
        placement = _writable(kind, context.channel)
        content = _content(context, placement, kind, "document", document.data)
        (filing,) = await _file(context, kind, [document_type(kind).parse(content)])
        return Encoded(filing.entry_json)

    @transaction
    async def put_many(
        self, context: Context, kind: str, documents: Encoded[list[AnyDocument] | None]
    ) -> Encoded[list[Entry]]:
        """File up to 500 documents of one kind in one transaction; private ones in transient "documents"."""
        placement = _writable(kind, context.channel)
        content = _content(context, placement, kind, "documents", documents.data)
        parsed = validated("documents", lambda: _many(kind).validate_json(content))
        filings = await _file(context, kind, parsed)
        return Encoded(record_list([filing.entry_json for filing in filings]))

    @query
    async def get(self, context: Context, kind: str, id: str, bank: str = "") -> Encoded[Record[AnyDocument]]:
        """The latest version of a document with its entry."""
        placement = placement_of(kind, context.channel)
        return Encoded(await read_record(context, placement, kind, id, bank))

    @query
    async def get_many(
        self, context: Context, kind: str, ids: Ids, bank: str = ""
    ) -> Encoded[list[Record[AnyDocument] | None]]:
        """The latest versions of up to 500 documents, null where there is none."""
        holder = ""
        if placement_of(kind, context.channel).private:
            holder = bank or context.creator.msp_id
            require_reader(context, await read_consortium(context), holder)
        return Encoded(record_list(await read_records(context, kind, ids, holder)))

    @query
    async def entry(self, context: Context, kind: str, id: str, bank: str = "") -> Encoded[Entry]:
        """What every member may know of the latest version."""
        placement = placement_of(kind, context.channel)
        return Encoded(await read_entry(context, placement, kind, id, bank))

    @query
    async def find(self, context: Context, kind: str, number: str, exporter: str = "") -> list[Entry]:
        """Entries that carry a paper's bare number, however it is spelt. Of private papers a bank finds its own."""
        placement = placement_of(kind, context.channel)
        bank = ""
        if placement.private and (await read_consortium(context)).roles.get(context.creator.msp_id) is Role.BANK:
            bank = context.creator.msp_id
        return await find_entries(context, kind, number, exporter, bank)

    @query
    async def list(
        self, context: Context, kind: str, exporter: str = "", page_size: PageSize = 100, bookmark: str = ""
    ) -> Encoded[EntryPage]:
        """A page of entries, by id; with an exporter only its own, by date."""
        placement_of(kind, context.channel)
        if not exporter:
            page = await key_page(context, DOCUMENT, (kind,), page_size, bookmark)
            stored = page.values
        else:
            page = await key_page(context, EXPORTER, (kind, exporter), page_size, bookmark)
            keys = [document_key(kind, id_, bank) for _kind, _exporter, _day, id_, bank in page.attributes]
            stored = tuple(value for value in await context.stub.get_states(keys) if value is not None)
        return Encoded(page_json("entries", [entry_json(value) for value in stored], page.bookmark))

    @query
    async def history(self, context: Context, kind: str, id: str, bank: str = "") -> History:
        """Every version, newest first; at most the last 1000."""
        return await read_history(context, placement_of(kind, context.channel), kind, id, bank)

    @query
    async def customs_facts(
        self, context: Context, numbers: Numbers, exporter: Uscc, since: Day, until: Day
    ) -> Encoded[CustomsFacts]:
        """The declarations named that exist, and what the exporter declared in the whole months of a period, cancelled
        ones left out."""
        require_channel("documents:customs_facts", CUSTOMS, context.channel)
        records = await read_records(context, "declaration", numbers, "")
        declared = await exporter_declared(context, exporter, since, until)
        parts = {
            "declarations": record_list([record for record in records if record is not None]),
            "declared": record_list([encode(amount) for amount in declared]),
            "since": canonical_json(since),
            "until": canonical_json(until),
        }
        return Encoded(object_json(parts))

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
        """What SAFE knows for a case: the exporter's classes, the receipts named, what its receipts name of these
        declarations and invoices (numbers in their compared form), and what was received in the months of a period."""
        require_channel("documents:fx_facts", FX, context.channel)
        classifications = await read_classifications(context, exporter)
        namings = await receipts_naming(context, exporter, numbers, invoices)
        naming = {each.receipt_id for each in namings}
        nothing = [each for each in await unallocated(context, exporter, since, until) if each.receipt_id not in naming]
        nothing += await whose_unsaid(context, invoices)
        named = await read_named(context, {"receipt": receipts}, exporter, "")
        parts = {
            "classifications": record_list(classifications),
            "namings": canonical_json(namings),
            "receipts": record_list(named["receipt"]),
            "received": canonical_json(await exporter_received(context, exporter, since, until)),
            "unallocated": canonical_json(nothing),
        }
        return Encoded(object_json(parts))

    @query
    async def rates(self, context: Context, requests: RateRequests) -> Encoded[Rates]:
        """For each currency and day the quotation of that day, or the last one of the ten days before."""
        require_channel("documents:rates", FX, context.channel)
        return Encoded(record_list(await read_rates(context, requests)))


async def _file(context: Context, kind: str, documents: Sequence[Document]) -> Sequence[Filing]:
    """The filing of each document; all that changed is announced, with receipts also those that others changed."""
    receipts = [document for document in documents if isinstance(document, FxReceipt)]
    if receipts:
        filings, changed = await file_receipts(context, receipts)
    else:
        filings = await file_documents(context, kind, documents)
        changed = [filing for filing in filings if filing.changed]
    _announce_many(context, kind, changed)
    return filings


def _writable(kind: str, channel: str) -> Kind:
    if kind == "application":
        raise Refused("an application is filed by loans:apply")
    if kind == "policy":
        raise Refused("a policy is made by two persons: policies:propose, then policies:confirm")
    return placement_of(kind, channel)


def _content(context: Context, placement: Kind, kind: str, name: str, argument: bytes) -> bytes:
    """The document's JSON, from where its kind says. A private one in an argument would be in the block for ever."""
    given = argument.strip() not in {b"", b"null"}
    if not placement.private:
        if not given:
            raise InvalidDocument(f"{name}: a {kind} goes into the argument", field=name, reason="missing")
        return argument
    if given:
        raise InvalidDocument(
            f"{name}: a {kind} is private: send null here and the paper in transient {name!r}",
            field=name,
            reason="private",
        )
    content = context.stub.transient.get(name)
    if content is None:
        raise InvalidDocument(
            f"{name}: a {kind} is private: send it in transient {name!r}", field=name, reason="missing"
        )
    return content


@lru_cache(maxsize=16)
def _many(kind: str) -> TypeAdapter[list[Document]]:
    bounded = Annotated[list[document_type(kind)], Field(min_length=1, max_length=MAX_DOCUMENTS)]  # type: ignore[misc,valid-type]  # named at run time
    return TypeAdapter(cast("type[list[Document]]", bounded))


def _announce(context: Context, filing: Filing) -> None:
    """Tell listeners that a document was filed, never what it says."""
    entry = filing.entry
    name = "document.filed" if filing.is_new else "document.amended"
    context.set_event(name, {"kind": entry.kind, "id": entry.id, "version": entry.version, "issuer": entry.issuer})


def _announce_many(context: Context, kind: str, changed: Sequence[Filing]) -> None:
    """A transaction has one event: several documents are told of in one, `documents.filed`."""
    if len(changed) == 1:
        _announce(context, changed[0])
    elif changed:
        documents = [{"id": filing.entry.id, "version": filing.entry.version} for filing in changed]
        context.set_event("documents.filed", {"kind": kind, "issuer": context.creator.msp_id, "documents": documents})
