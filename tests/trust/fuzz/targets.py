"""Everything that reads what others wrote: by name, how one input is given to it, and what it begins with."""

from __future__ import annotations

import base64
import io
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import grpc
import openpyxl
from click.testing import CliRunner
from google.protobuf.message import DecodeError, Message
from google.rpc.status_pb2 import Status
from pypdf import PdfWriter
from tests.eximledger.formats import customs_form
from tests.eximledger.formats.listed import FILES
from tests.eximledger.formats.test_fapiao import INVOICE as FAPIAO
from tests.eximledger.formats.test_fapiao import ofd
from tests.trust.fuzz import calls
from tests.trust.fuzz.dictionaries import CSV, EDIFACT, HTML, PDF, SWIFT
from tests.trust.fuzz.golden import CHECKER, MEMBERS, NETWORK, ORDERERS, PEERS, golden
from tests.trust.fuzz.mutation import Way, changed_bytes, changed_text, words
from tests.trust.fuzz.structures import changed_json, changed_message, changed_workbook, changed_xml

from eximledger.cli import main
from eximledger.desk import PaperFolder, check_papers, heading_of, read_folder
from eximledger.formats import TABLE_KINDS, detect, read, template_of
from eximledger.formats.watch import read_list
from eximledger.proof import verify_proof
from eximledger_chaincode.documents import LegalForce, LoanApplication, parse_document
from eximledger_chaincode.lending.screening.parts import (
    added,
    entry_blocks,
    index_of,
    part_of_entries,
    part_of_index,
    parts_of,
)
from eximledger_network import default_text
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.creator import creator_of
from hlf_chaincode.policies import EndorsementPolicy, parse_channel_policy
from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_chaincode.protos.gateway.gateway_pb2 import ErrorDetail
from hlf_chaincode.protos.peer.events_pb2 import BlockAndPrivateData, FilteredBlock
from hlf_client.errors import FabricError, InvalidDocument, NotAuthorized, from_message
from hlf_client.gateway import FileCheckpointer, Profile
from hlf_client.wire.blocks import block_event, filtered_block_event, private_data_event
from hlf_client.wire.evidence import read_block, verify_block, verify_transaction
from hlf_client.wire.messages import read_endorsed, read_transaction
from hlf_client.wire.refusals import refusals as read_details
from hlf_network.consortium import parse_consortium

__all__ = ["FOUND", "TARGETS", "Target"]

FOUND: Final = Path(__file__).resolve().parents[1] / "data" / "fuzz"
"""What was found, as `TARGET-what`: each once failed."""
DONGYU: Final = Path(__file__).resolve().parents[3] / "examples" / "dongyu"
FORMS: Final = Path(__file__).resolve().parents[2] / "eximledger" / "formats" / "data"
SOURCES: Final = {".py", ".j2", ".md", ".pyc"}
NOW: Final = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Target:
    """A reader: `run` gives it one input and lets its errors through; `seeds` are inputs that it takes."""

    name: str
    run: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]
    ways: tuple[Way, ...]
    errors: tuple[type[FabricError], ...] = (InvalidDocument,)
    """What it may answer with."""
    share: int = 10
    """How many of all inputs it gets: less where one takes long."""


# papers -----------------------------------------------------------------------


@cache
def papers(form: str) -> Sequence[bytes]:
    """The examples' papers whose format begins with this."""
    files = sorted(path for path in (*DONGYU.rglob("*"), *FORMS.iterdir()) if path.is_file())
    contents = [path.read_bytes() for path in files if path.suffix not in SOURCES]
    return [content for content in contents if detect(content).startswith(form)]


def read_paper(data: bytes) -> None:
    """A paper that is read is one that can be filed: its documents stand in JSON as they are."""
    for document in read(data).documents:
        content = canonical_json(document)
        assert parse_document(content) == document, "filed, it would be another document"
        assert document.id
        assert document.number


def read_watch_list(data: bytes) -> None:
    """A list that is read is one that can be filed: its index is what its entries give."""
    reading = read_list(data)
    heading, entries = heading_of(
        reading.entries, own=False, list_id="FUZZ", title="x", source="x", force=LegalForce.BINDING, edition="1",
        published_on=NOW.date(), valid_from=NOW.date(),
    )  # fmt: skip
    parts = [part_of_entries(number, part, entry_blocks(number, part)) for number, part in enumerate(parts_of(entries))]
    assert added(parts) == added([part_of_index(index_of(entries))])
    assert heading.entries == len(entries)


def _invoices() -> Sequence[bytes]:
    return papers("ubl-invoice")[:1]


@cache
def pdfs() -> Sequence[bytes]:
    """Invoices attached to a page of nothing."""
    found = []
    for invoice in _invoices():
        writer, saved = PdfWriter(), io.BytesIO()
        writer.add_blank_page(10, 10)
        writer.add_attachment("factur-x.xml", invoice)
        writer.write(saved)
        found.append(saved.getvalue())
    return found


def read_as_both(data: bytes) -> None:
    """Customs' form, as the exporter's copy and as customs' own declaration."""
    for declarations in (False, True):
        try:
            documents = read(data, declarations=declarations).documents
        except InvalidDocument:
            continue
        for document in documents:
            assert parse_document(canonical_json(document)) == document, "filed, it would be another document"


@cache
def messages() -> Sequence[bytes]:
    return [customs_form.message(customs_form.with_items(3), encoding) for encoding in ("UTF-8", "GB2312")]


@cache
def prints() -> Sequence[bytes]:
    """Uncompressed, so that changes come through to what the pages say."""
    form = customs_form.with_items(3)
    return [customs_form.pdf(form, plain=True), customs_form.pdf(form, right=True, ruled=True, plain=True)]


@cache
def sheets() -> Sequence[bytes]:
    form = customs_form.with_items(3)
    return [customs_form.workbook(form), customs_form.workbook(form, spread=True)]


def fapiao() -> Sequence[bytes]:
    return [FAPIAO.encode()]


@cache
def ofds() -> Sequence[bytes]:
    return [ofd(("Doc_0/Attachs/original_invoice.xml", FAPIAO))]


@cache
def tables() -> Sequence[bytes]:
    """What the templates ask for, as text."""
    found = []
    for kind in TABLE_KINDS:
        rows = openpyxl.load_workbook(io.BytesIO(template_of(kind))).worksheets[0].iter_rows(values_only=True)
        found.append("\n".join("\t".join("" if cell is None else str(cell) for cell in row) for row in rows).encode())
    return found


@cache
def archives() -> Sequence[bytes]:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        for number, paper in enumerate([*_invoices(), *papers("mt910")]):
            archive.writestr(f"{number}.xml", paper)
    return [saved.getvalue()]


@cache
def envelopes() -> Sequence[bytes]:
    """Several papers in one SBDH message, and bytes in another."""
    head = b'<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
    end = b"</StandardBusinessDocument>"
    two = [paper.partition(b"?>")[2] or paper for paper in (*papers("fatturapa")[:1], *papers("ubl-packing-list")[:1])]
    packed = b"<BinaryContent>" + base64.b64encode(papers("edifact-desadv")[0]) + b"</BinaryContent>"
    return [head + b"".join(two) + end, head + packed + end]


def check_case(data: bytes) -> None:
    """The application or another of its papers, with the rest of them as they are; the rules have a verdict on it."""
    folder = _folder()
    documents = read(data).documents
    changed = {document.KIND for document in documents}
    application = next((one for one in documents if isinstance(one, LoanApplication)), folder.application)
    rest = [document for document in folder.documents if document.KIND not in changed]
    others = [document for document in documents if not isinstance(document, LoanApplication)]
    canonical_json(check_papers(application, (*rest, *others), now=NOW))


@cache
def _folder() -> PaperFolder:
    return read_folder(DONGYU / "papers-only")


@cache
def case_papers() -> Sequence[bytes]:
    """The documents of the case as JSON, so that what is changed is often still a document."""
    folder = _folder()
    return [canonical_json(document) for document in (folder.application, *folder.documents)]


def put_paper(data: bytes) -> None:
    """`eximledger document put --dry-run`: one sentence, never a traceback."""
    with tempfile.NamedTemporaryFile(suffix=".paper") as file:
        file.write(data)
        file.flush()
        result = CliRunner().invoke(main, ["document", "put", file.name, "--dry-run", "--json"])
    assert result.exit_code in {0, 1}, result.exception
    assert "its fault" not in result.output, result.output


# configuration ----------------------------------------------------------------

PROFILE: Final = b"""name: test
client: {organization: bank, tlsCerts: {client: {cert: {pem: "x"}, key: {pem: "x"}}}}
channels: {fx: {peers: {peer0.bank: {endorsingPeer: true}}}, bank: {}}
organizations:
  bank:
    mspid: BankMSP
    peers: [peer0.bank, peer1.bank]
    users: {maker: {cert: {pem: "x"}, key: {pem: ["x", "y"]}}}
  safe: &safe {mspid: SafeMSP, peers: []}
  other: *safe
peers:
  peer0.bank:
    url: grpcs://127.0.0.1:7051
    tlsCACerts: {pem: "-----BEGIN CERTIFICATE-----"}
    grpcOptions: {ssl-target-name-override: peer0.bank.internal}
  peer1.bank: {url: "grpc://127.0.0.1:7052"}
"""
YAML: Final = words(
    "&a ", "*a", "<<: *a", "? ", "- ", ": ", "|\n", ">-\n", "!!int ", "!!float ", "!!timestamp ", "!!binary ", "!!set ",
    "!!python/object:os.system ", "!x ", "%YAML 9.9\n", "---\n", "...\n", "\t", "\n  ", "#", "{", "}", "[", "]", "~",
    "0o7", "0b1", ".inf", ".nan", "1:2:3", "2026-13-45", "2026-01-01 99:99:99", "=", "grpcs://[::1", "grpcs://a:b",
    "bank", "raft", "bft", "AND(", "OutOf(1,", "'SafeMSP.peer'", "bank.peer", "MAJORITY Admins", "path", "pem",
)  # fmt: skip


def parse_profile(data: bytes) -> None:
    """Whoever uses it asks for its peers and for an identity."""
    profile = Profile.parse(data, folder=Path("/nowhere"))
    profile.endpoints()
    profile.identity(profile.default_user)


def parse_members(data: bytes) -> None:
    consortium = parse_consortium(data.decode("utf-8", errors="replace"))
    for channel in consortium.channels:
        consortium.collections(channel)


def parse_policies(data: bytes) -> None:
    text = data.decode("utf-8", errors="replace")
    for parse in (parse_channel_policy, EndorsementPolicy.parse):
        try:
            parse(text)
        except InvalidDocument:
            continue
    EndorsementPolicy.from_bytes(data).minimal_sets()


@cache
def policies() -> Sequence[bytes]:
    texts = [
        "AND('SafeMSP.peer', OR('AMSP.peer', 'BMSP.peer'))",
        "OutOf(2, 'A.member', 'B.admin', 'C.peer')",
        "ANY Admins",
    ]
    return [*map(str.encode, texts), *(EndorsementPolicy.parse(text).to_bytes() for text in texts[:2])]


def load_checkpoint(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        FileCheckpointer(file.name).load()


# what peers send --------------------------------------------------------------


def read_blocks(data: bytes) -> None:
    """gRPC has read the outermost message; what is in it is ours to read."""
    readers: tuple[tuple[type[Message], Callable[[str, Any], object]], ...] = (
        (Block, block_event), (FilteredBlock, filtered_block_event), (BlockAndPrivateData, private_data_event),
    )  # fmt: skip
    for kind, event in readers:
        try:
            message = kind.FromString(data)
        except DecodeError:
            continue
        try:
            event("bank", message)
        except InvalidDocument:
            continue


def check_evidence(data: bytes) -> None:
    verify_block(read_block(data), None, ORDERERS.trust(), NOW)


def check_transaction(data: bytes) -> None:
    for read_payload in (read_endorsed, read_transaction):
        try:
            read_payload(data)
        except InvalidDocument:
            continue
    verify_transaction(data, golden().signature, MEMBERS.trust())
    assert data == golden().payload, "changed, it still passes for signed"


def check_proof(data: bytes) -> None:
    verify_proof(data, NETWORK)
    assert data == golden().proof, "changed, it still passes for a proof"


@dataclass(frozen=True, slots=True)
class _Failed:
    """A call that ended with this status, as gRPC itself would say it."""

    status: bytes

    def code(self) -> grpc.StatusCode:
        number = self._said().code
        return next((code for code in grpc.StatusCode if code.value[0] == number), grpc.StatusCode.UNKNOWN)

    def details(self) -> str:
        return str(self._said().message)

    def trailing_metadata(self) -> object:
        return (("grpc-status-details-bin", self.status),)

    def _said(self) -> Status:
        try:
            return Status.FromString(self.status)
        except DecodeError:
            return Status()


def read_refusals(data: bytes) -> None:
    read_details(_Failed(data))
    from_message(500, data.decode(errors="replace")).to_message().encode()


@cache
def refusals() -> Sequence[bytes]:
    detail = ErrorDetail(
        address="peer0:7051", msp_id="SafeMSP", message="chaincode response 404, {}"
    ).SerializeToString()
    kind = b"type.googleapis.com/gateway.ErrorDetail"
    packed = b"\x0a" + bytes([len(kind)]) + kind + b"\x12" + bytes([len(detail)]) + detail
    status = b"\x08\x0a\x12\x02no" + b"\x1a" + bytes([len(packed)]) + packed
    return [status, InvalidDocument("no", field="a", reason="b").to_message().encode()]


def read_certificate(data: bytes) -> None:
    creator_of("EximbankMSP", data)
    for authority in (*MEMBERS.trusted, *ORDERERS.trusted):
        try:
            authority.anchors.certify(data, NOW)
        except NotAuthorized:
            continue


# the table --------------------------------------------------------------------

_XML: Final = (changed_xml, changed_xml, changed_text, changed_bytes)
_JSON: Final = (changed_json, changed_json, changed_text, changed_bytes)
_MESSAGE: Final = (changed_message, changed_message, changed_bytes)
_UNTRUSTED: Final = (InvalidDocument, NotAuthorized)

TARGETS: Final[tuple[Target, ...]] = (
    Target("ubl", read_paper, lambda: papers("ubl"), _XML),
    Target("cii", read_paper, lambda: papers("cii"), _XML),
    Target("zugferd", read_paper, lambda: papers("zugferd"), _XML, share=5),
    Target("fatturapa", read_paper, lambda: papers("fatturapa"), _XML),
    Target("envelope", read_paper, envelopes, _XML, share=5),
    Target("edifact", read_paper, lambda: papers("edifact"), (EDIFACT, EDIFACT, changed_text, changed_bytes)),
    Target("dcsa", read_paper, lambda: papers("dcsa"), _JSON),
    Target("camt", read_paper, lambda: papers("camt"), _XML),
    Target("swift", read_paper, lambda: papers("mt"), (SWIFT, SWIFT, changed_text, changed_bytes)),
    Target("pdf", read_paper, pdfs, (PDF, changed_text, changed_bytes), share=2),
    Target("customs-message", read_as_both, messages, _XML),
    Target("customs-print", read_as_both, prints, (PDF, changed_text, changed_bytes), share=1),
    Target("customs-sheet", read_as_both, sheets, (changed_workbook,), share=1),
    Target("fapiao", read_paper, fapiao, _XML),
    Target("ofd", read_paper, ofds, (changed_bytes,), share=2),
    Target("zip", read_paper, archives, (changed_bytes,), share=2),
    Target("csv", read_paper, lambda: papers("table-csv"), (CSV, CSV, changed_bytes)),
    Target("xlsx", read_paper, lambda: papers("table-xlsx"), (changed_workbook,), share=1),
    Target("xls", read_paper, lambda: papers("table-xls"), (CSV, changed_bytes, changed_bytes), share=2),
    Target("ods", read_paper, lambda: papers("table-ods"), (changed_workbook, changed_bytes), share=2),
    Target("spreadsheetml", read_paper, lambda: papers("table-spreadsheetml"), _XML, share=5),
    Target("html", read_paper, lambda: papers("table-html"), (HTML, HTML, changed_text, changed_bytes), share=5),
    Target("tables", read_paper, tables, (CSV, CSV, changed_text)),
    Target("json", read_paper, lambda: papers("json"), _JSON),
    Target("watch-list", read_watch_list, lambda: list(FILES.values()), (*_XML, CSV)),
    Target("case", check_case, case_papers, (changed_json, changed_json, changed_json, changed_text)),
    Target(
        "command-line", put_paper, lambda: papers(""), (changed_xml, changed_json, changed_text, changed_bytes), share=1
    ),
    Target("arguments", calls.decode_call, calls.calls, (*_MESSAGE, words(*calls.CALL_WORDS)), share=20),
    Target("calls", calls.play_call, calls.calls, (*_MESSAGE, words(*calls.CALL_WORDS)), share=20),
    Target("stream", calls.play_stream, calls.streams, _MESSAGE, errors=()),
    Target("profile", parse_profile, lambda: [PROFILE], (YAML, changed_bytes), _UNTRUSTED, share=5),
    Target("consortium", parse_members, lambda: [default_text().encode()], (YAML, changed_bytes), share=1),
    Target("policies", parse_policies, policies, (words("AND(", "OR(", "OutOf(", "'A.peer'", ",", ")"), *_MESSAGE)),
    Target("checkpoint", load_checkpoint, lambda: [b'{"block_number": 7, "transaction_id": "t"}'], _JSON),
    Target(
        "blocks",
        read_blocks,
        lambda: [golden().block, golden().filtered_block, golden().private_block],
        _MESSAGE,
        share=20,
    ),
    Target("evidence", check_evidence, lambda: [golden().block], _MESSAGE, _UNTRUSTED),
    Target("transaction", check_transaction, lambda: [golden().payload], _MESSAGE, _UNTRUSTED),
    Target("proof", check_proof, lambda: [golden().proof], _JSON, _UNTRUSTED),
    Target("refusals", read_refusals, refusals, _MESSAGE),
    Target("certificate", read_certificate, lambda: [CHECKER.certificate, PEERS[0].certificate], _MESSAGE, _UNTRUSTED),
)
