"""Reconciling papers alone: a folder of files and an application, without any ledger.

What a ledger would know comes from the folder where a paper says it (class, rates, receipts), else it is not known.
The verdict says so itself, in a finding `PAPERS-ONLY` that informs: no authority has vouched for these papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar, cast

from eximledger.formats import Reading, read
from eximledger_chaincode.contracts.state.records import document_json, encode, record_json, record_of
from eximledger_chaincode.documents import (
    CASE_KINDS,
    KINDS,
    CommercialInvoice,
    Document,
    Entry,
    FxReceipt,
    Kind,
    LoanApplication,
    Record,
    TolerancePolicy,
    compared_number,
    filed_number,
    same_number,
)
from eximledger_chaincode.lending.collecting.credits import CreditBook
from eximledger_chaincode.lending.collecting.naming import (
    NamedPaper,
    ReceiptNaming,
    Unallocated,
    left_by,
    mentions,
    naming_of,
    taken_back_of,
    unallocated_of,
)
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import DocumentName, Text
from eximledger_chaincode.rules import Case, Finding, Severity, Verdict, reconcile
from hlf_chaincode.canonical import sha256_hex
from hlf_client.errors import InvalidDocument

__all__ = ["PAPERS_ONLY", "PaperFolder", "check_papers", "read_folder"]

PAPERS_ONLY: Final = "PAPERS-ONLY"
"""The rule id of the finding that says what papers alone cannot tell."""

_ASSUMED: Final = {Role.CUSTOMS: "customs", Role.FX_BUREAU: "safe", Role.BANK: "bank"}
"""Whom a paper is taken to come from: whoever may issue its kind."""
_NOBODY: Final = "nobody"
_MAX_FILES: Final = 1000

DocumentT = TypeVar("DocumentT", bound=Document)


@dataclass(frozen=True, slots=True)
class PaperFolder:
    """A folder as it was read: its one application, the other documents, and each file's reading by its name."""

    application: LoanApplication
    documents: tuple[Document, ...]
    readings: tuple[tuple[str, Reading], ...]


def read_folder(folder: Path, *, exporter: str | None = None) -> PaperFolder:
    """Read every file of a folder (hidden ones and subfolders left out).

    Raises `InvalidDocument` naming the file that cannot be read, and when there is not exactly one application.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        reason = f"the folder cannot be read: {error.strerror}"
        raise InvalidDocument(f"{folder}: {reason}", field="folder", reason=reason) from None
    if len(files) > _MAX_FILES:
        raise InvalidDocument(f"{folder}: more than {_MAX_FILES} files", field="folder", reason="too many files")
    readings = tuple((path.name, read(path, exporter=exporter)) for path in files)
    documents = [document for _, reading in readings for document in reading.documents]
    applications = [document for document in documents if isinstance(document, LoanApplication)]
    if len(applications) != 1:
        raise InvalidDocument(
            f"{folder}: one application (application.json) is wanted, {len(applications)} are there",
            field="application",
            reason="not exactly one",
        )
    others = tuple(document for document in documents if not isinstance(document, LoanApplication))
    return PaperFolder(applications[0], others, readings)


def check_papers(
    application: LoanApplication, documents: Iterable[Document], *, now: datetime | None = None
) -> Verdict:
    """The verdict on an application and its papers as they lie on the table.

    The same rules as on a ledger, over the papers that the application names. Raises `InvalidDocument` when two papers
    differ under one id.
    """
    at = now or datetime.now(UTC)
    papers = _distinct(_known_again(documents))
    namings = _namings(application, papers)
    named = _Named(application, papers, at)
    case = Case(
        application=_record(application, at),
        policy=next((paper for paper in papers if isinstance(paper, TolerancePolicy)), None)
        or TolerancePolicy(bank=_ASSUMED[Role.BANK]),
        today=day_in_china(at),
        namings=namings,
        unallocated=_unallocated(application, papers, namings),
        roles={msp_id: role for role, msp_id in _ASSUMED.items()},
        **{kind.field: named.of(kind) for kind in CASE_KINDS},  # type: ignore[arg-type]  # by the fields' names
    )
    verdict = reconcile(case)
    alone = verdict.model_copy(update={"findings": (*verdict.findings, _papers_only(application, named.left_out()))})
    return alone.model_copy(update={"evidence_hash": alone.computed_hash})


class _Named:
    """The papers that an application names, found as a ledger finds them, and those that nobody named."""

    def __init__(self, application: LoanApplication, papers: Sequence[Document], at: datetime) -> None:
        self._application = application
        self._papers = papers
        self._at = at
        self._taken: set[int] = set()

    def of(self, kind: Kind) -> tuple[Record[Document], ...]:
        """The case's papers of a kind: those that the application names, or all that are the exporter's or nobody's
        where it names none of such a kind."""
        papers = [paper for paper in self._papers if kind.name == paper.KIND]
        if kind.named:
            found = self._by_number(kind, papers)
        else:
            found = [paper for paper in papers if paper.exporter in {None, self._application.exporter}]
        self._taken |= {id(paper) for paper in found}
        return tuple(_record(paper, self._at) for paper in dict.fromkeys(found))

    def _by_number(self, kind: Kind, papers: Sequence[Document]) -> list[Document]:
        """The applicant's own paper by its number; one that names no exporter, if only one such has the number. A
        declaration is taken whoever's it is, as customs would show it."""
        exporter, of_customs = self._application.exporter, kind.writer is Role.CUSTOMS
        found: list[Document] = []
        for number in self._application.named(kind.field):
            alike = [paper for paper in papers if same_number(paper.number, number)]
            own = [paper for paper in alike if of_customs or paper.exporter == exporter]
            written = [paper for paper in own if filed_number(paper.number) == filed_number(number)]
            meant = own or [paper for paper in alike if paper.exporter is None]
            if kind.name == FxReceipt.KIND:  # banks give one reference to several credits
                found += meant
            else:
                found += written[:1] or (meant if len(meant) == 1 else [])
        return found

    def left_out(self) -> list[Document]:
        """Papers that the application does not name."""
        return [paper for paper in self._papers if KINDS[paper.KIND].named and id(paper) not in self._taken]


def _known_again(documents: Iterable[Document]) -> list[Document]:
    """The documents with each credit once, as a ledger would file the receipts among them."""
    found = list(documents)
    book = CreditBook({})
    for receipt in found:
        if isinstance(receipt, FxReceipt):
            book.file(receipt)
    return [*(paper for paper in found if not isinstance(paper, FxReceipt)), *book.receipts.values()]


def _distinct(documents: Iterable[Document]) -> list[Document]:
    found: dict[tuple[str, str], Document] = {}
    for document in documents:
        before = found.setdefault((document.KIND, document.id), document)
        if before != document:
            raise InvalidDocument(
                f"two papers are {document.KIND} {document.number} and differ: keep the one that counts",
                field="documents",
                reason="two papers under one number",
                kind=document.KIND,
                number=document.number,
            )
    return list(found.values())


def _record(document: DocumentT, at: datetime) -> Record[DocumentT]:
    """A paper as if it were filed now, by whoever may issue its kind."""
    content = document_json(document)
    entry = Entry(
        kind=document.KIND,
        id=document.id,
        number=document.number,
        exporter=document.exporter,
        dated=document.dated,
        version=1,
        issuer=_ASSUMED[KINDS[document.KIND].writer],
        written_by=_NOBODY,
        written_at=at,
        filed_at=at,
        transaction_id="",
        sha256=sha256_hex(content),
    )
    return cast("Record[DocumentT]", record_of(document.KIND, record_json(encode(entry), content)))


def _receipts(application: LoanApplication, papers: Sequence[Document]) -> list[FxReceipt]:
    """The receipts among the papers that count for the applicant."""
    return [receipt for receipt in _entries(application, papers) if receipt.counts]


def _entries(application: LoanApplication, papers: Sequence[Document]) -> list[FxReceipt]:
    receipts = [paper for paper in papers if isinstance(paper, FxReceipt)]
    return [receipt for receipt in receipts if receipt.exporter in (None, application.exporter)]


def _namings(application: LoanApplication, papers: Sequence[Document]) -> tuple[ReceiptNaming, ...]:
    """What receipts among the papers name, in fields for it or in their text."""
    invoices = {compared_number(paper.number) for paper in papers if isinstance(paper, CommercialInvoice)}
    found = []
    for receipt in _receipts(application, papers):
        naming = naming_of(receipt)
        known = {paper.number for paper in naming.invoices}
        said = [NamedPaper(number=number) for number in mentions(receipt) if number in invoices - known]
        naming = naming.model_copy(update={"invoices": (*naming.invoices, *said)})
        if naming.declarations or naming.invoices:
            found.append(naming)
    return tuple(found)


def _unallocated(
    application: LoanApplication, papers: Sequence[Document], namings: Iterable[ReceiptNaming]
) -> tuple[Unallocated, ...]:
    found = [unallocated_of(each, naming_of(each)) for each in _receipts(application, papers)]
    found += [taken_back_of(each) for each in _entries(application, papers)]
    return tuple(left_by(namings, [each for each in found if each is not None]))


def _papers_only(application: LoanApplication, left_out: Sequence[Document]) -> Finding:
    en = (
        "Checked from papers alone. Not asked: whether customs and SAFE know these papers, what other banks hold of "
        "the declarations, whether a paper is financed elsewhere, and the exporter's totals of twelve months."
    )
    zh = (
        "仅凭纸面单据核对。未核实：海关和外汇局是否有这些单据的记录、其他银行对报关单余额的占用、"
        "单据是否已在别处融资，以及该企业十二个月的总量。"
    )
    if left_out:
        names = ", ".join(f"{paper.KIND} {paper.number}" for paper in left_out)
        en += f" Not named by the application and not looked at: {names}."
        zh += f"申请未列明、因而未核对的单据：{names}。"
    name = DocumentName(kind=application.KIND, number=application.number)
    return Finding(rule=PAPERS_ONLY, severity=Severity.INFORM, documents=(name,), message=Text(en=en, zh=zh))
