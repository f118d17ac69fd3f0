"""Private papers: whose they are, who may read them, and whether they are what their public entry says."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.contracts.state.keys import DOCUMENT, paper_key
from eximledger_chaincode.contracts.state.members import Consortium
from eximledger_chaincode.contracts.state.names import collection_of
from eximledger_chaincode.documents import Entry
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.canonical import sha256_hex
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import Conflict, FabricError, InvalidDocument, NotAuthorized, NotFound
from hlf_chaincode.stub import split_composite_key

__all__ = ["checked_paper", "holder_of", "may_read", "read_papers", "require_reader"]


def may_read(context: Context, consortium: Consortium, bank: str) -> bool:
    """A bank's papers are read by that bank and by every fx-bureau."""
    reader = context.creator.msp_id
    return reader == bank or consortium.roles.get(reader) is Role.FX_BUREAU


def require_reader(context: Context, consortium: Consortium, bank: str) -> None:
    """Raises `NotAuthorized` for anybody who may not read the bank's papers."""
    if not may_read(context, consortium, bank):
        raise NotAuthorized(
            f"the papers of {bank} are read by {bank} and the fx-bureau, not by {context.creator.msp_id}", bank=bank
        )


async def holder_of(context: Context, consortium: Consortium, kind: str, id: str, bank: str) -> str:
    """The bank whose paper is meant: the one named, the caller where it is a bank, else the only one that has it."""
    if bank or consortium.roles.get(context.creator.msp_id) is Role.BANK:
        return bank or context.creator.msp_id
    holders = [
        split_composite_key(row.key)[1][2]
        async for row in context.stub.get_state_by_partial_composite_key(DOCUMENT, (kind, id))
    ]
    if not holders:
        raise NotFound(f"there is no {kind} {id}", kind=kind, id=id)
    if len(holders) > 1:
        raise InvalidDocument(
            f"{', '.join(holders)} each have a {kind} {id}: say whose", field="bank", reason="several banks have it"
        )
    return holders[0]


async def read_papers(context: Context, bank: str, entries: Sequence[Entry]) -> list[bytes]:
    """The canonical JSON of a bank's private documents, in one request; each as its public entry vouches for it."""
    keys = [paper_key(entry.kind, entry.id, entry.version) for entry in entries]
    papers = await context.stub.get_private_data_many(collection_of(bank), keys)
    return [checked_paper(entry, paper) for entry, paper in zip(entries, papers, strict=True)]


def checked_paper(entry: Entry, paper: bytes | None) -> bytes:
    """The paper, if it has arrived (`Conflict` otherwise) and is the one that was filed."""
    name = f"{entry.kind} {entry.number}"
    if paper is None:
        raise Conflict(f"{name} has not reached this peer's collection yet: try again", kind=entry.kind, id=entry.id)
    if sha256_hex(paper) != entry.sha256:
        raise FabricError(f"{name} in {entry.collection} is not what its entry says", kind=entry.kind, id=entry.id)
    return paper
