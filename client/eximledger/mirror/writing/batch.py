"""Some blocks of a channel as what they change in the tables: written together, or not at all.

A private value is taken where its hash is in the block, and only then; where the peer does not show it, its key is
awaited until it does, or until the key is written again or deleted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from eximledger.mirror.writing.loans import LoanRows, loan_rows, step_row
from eximledger.mirror.writing.papers import PaperRows, Values, paper_rows
from eximledger.mirror.writing.scope import PUBLIC, Scope, origin_of
from eximledger.mirror.writing.signers import Signer, signer_of
from eximledger_chaincode.contracts.state.vault import SALT_BYTES
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem
from hlf_client.ledger import BlockEvent
from hlf_client.wire.blocks import PrivateDataEvent
from hlf_client.wire.written import HashedWrite

__all__ = ["Awaited", "Batch"]

_MARKS: Final = (b'"document":{', b'"kind":"loan"')
"""One of which is in every value that is mirrored; sums and indexes are not read any further."""
_RECORD: Final = frozenset({"document", "id", "kind", "sha256", "version"})
_STEP: Final = frozenset({"loan", "timestamp", "transaction_id"})
_OPEN_RECORD: Final = "\x00document\x00"
_NOBODY: Final = Signer("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Awaited:
    """A private value that a block tells of and the peer did not show."""

    origin: str
    channel: str
    block: int
    transaction_id: str
    collection: str


@dataclass(slots=True)
class Batch:
    """What blocks `first` to before `next_block` of a channel change."""

    channel: str
    scope: Scope
    chaincode: str
    first: int
    previous_hash: str
    """By which the first block names the one before it."""
    next_block: int
    block_hash: str = ""
    block_at: datetime | None = None
    acts: list[Values] = field(default_factory=list)
    papers: dict[tuple[str, ...], PaperRows] = field(default_factory=dict)
    versions: dict[tuple[object, ...], Values] = field(default_factory=dict)
    loans: dict[tuple[str, ...], LoanRows] = field(default_factory=dict)
    steps: dict[tuple[object, ...], Values] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Origins that the ledger has deleted or purged."""
    awaited: dict[str, Awaited] = field(default_factory=dict)
    arrived: set[str] = field(default_factory=set)
    """Origins that are awaited no longer."""

    @classmethod
    def of(cls, events: Sequence[PrivateDataEvent], scope: Scope, chaincode: str) -> Batch:
        """Blocks that follow on one another."""
        batch = cls._before(events[0], scope, chaincode)
        for event in events:
            batch._add(event)
        return batch

    @classmethod
    def late(cls, event: PrivateDataEvent, origin: str, scope: Scope, chaincode: str) -> Batch:
        """Of a block that was read before what it wrote under one key, where the peer shows that now."""
        batch = cls._before(event, scope, chaincode)
        channel = event.block.channel
        hashed = [each for each in event.hashed if origin_of(channel, each.collection, each.key_hash) == origin]
        batch._add_private(replace(event, hashed=tuple(hashed)), _signers(event))
        return batch

    @classmethod
    def _before(cls, event: PrivateDataEvent, scope: Scope, chaincode: str) -> Batch:
        block = event.block
        return cls(block.channel, scope, chaincode, block.number, block.previous_hash, block.number)

    def _add(self, event: PrivateDataEvent) -> None:
        signers = _signers(event)
        self._add_acts(event.block, signers)
        self._add_public(event, signers)
        self._add_private(event, signers)
        self.next_block, self.block_hash = event.block.number + 1, event.block.hash
        if event.block.transactions:
            self.block_at = event.block.transactions[-1].timestamp

    def _add_acts(self, block: BlockEvent, signers: Mapping[str, Signer]) -> None:
        for position, each in enumerate(block.transactions):
            signer = signers.get(each.transaction_id, _NOBODY)
            self.acts.append({
                "channel": self.channel,
                "block": block.number,
                "position": position,
                "transaction_id": each.transaction_id,
                "code": each.code,
                "at": each.timestamp,
                "msp_id": each.creator_msp,
                "person": signer.person,
                "roles": signer.roles,
                "certificate_hash": signer.certificate_hash,
                "function": signer.function,
            })  # fmt: skip

    def _add_public(self, event: PrivateDataEvent, signers: Mapping[str, Signer]) -> None:
        """Papers that are open to the channel: rates, price bands, lists."""
        for write in event.public:
            if write.chaincode != self.chaincode or not write.key.startswith(_OPEN_RECORD):
                continue
            origin = origin_of(self.channel, PUBLIC, hashlib.sha256(write.key.encode()).digest())
            if write.value is None:
                self._delete(origin)
            else:
                self._put(write.value, "", origin, signers.get(write.transaction_id, _NOBODY))

    def _add_private(self, event: PrivateDataEvent, signers: Mapping[str, Signer]) -> None:
        """What the block says was written to the member's own collections, in its order."""
        shown = {
            (write.transaction_id, write.collection, hashlib.sha256(write.key.encode()).digest()): write.value
            for write in event.writes
            if write.chaincode == self.chaincode and write.value is not None
        }
        for write in event.hashed:
            bank = self.scope.bank_of(self.channel, write.collection)
            if write.chaincode != self.chaincode or bank is None:
                continue
            origin = origin_of(self.channel, write.collection, write.key_hash)
            value = shown.get((write.transaction_id, write.collection, write.key_hash))
            if write.value_hash is None:
                self._delete(origin)
            elif value is None or hashlib.sha256(value).digest() != write.value_hash:
                self._await(write, event.block.number, origin)
            else:
                self._arrive(origin)
                self._put(value[SALT_BYTES:], bank, origin, signers.get(write.transaction_id, _NOBODY))

    def _await(self, write: HashedWrite, block: int, origin: str) -> None:
        self.arrived.discard(origin)
        self.awaited[origin] = Awaited(origin, self.channel, block, write.transaction_id, write.collection)

    def _arrive(self, origin: str) -> None:
        self.awaited.pop(origin, None)
        self.arrived.add(origin)

    def _delete(self, origin: str) -> None:
        self._arrive(origin)
        self.gone.add(origin)
        self.papers = {place: each for place, each in self.papers.items() if each.paper["origin"] != origin}
        self.loans = {place: each for place, each in self.loans.items() if each.loan["origin"] != origin}
        self.versions = {place: each for place, each in self.versions.items() if each["origin"] != origin}
        self.steps = {place: each for place, each in self.steps.items() if each["origin"] != origin}

    def _put(self, value: bytes, bank: str, origin: str, signer: Signer) -> None:
        """A value by what it says it is; sums, indexes and secrets are not mirrored."""
        if not any(mark in value for mark in _MARKS):
            return
        found = _parsed(value)
        if found.get("kind") == "loan":
            self._put_loan(value, origin)
        elif found.keys() >= _STEP:
            row = step_row(LoanHistoryItem.model_validate_json(value), signer, origin)
            self.steps[row["bank"], row["loan_id"], row["step"]] = row
        elif found.keys() >= _RECORD:
            self._put_record(found, bank, origin)

    def _put_loan(self, value: bytes, origin: str) -> None:
        rows = loan_rows(Loan.model_validate_json(value), value.decode(), origin)
        before = self.loans.get(rows.place)
        if before is None or before.step <= rows.step:
            self.loans[rows.place] = rows

    def _put_record(self, record: Mapping[str, Any], bank: str, origin: str) -> None:
        rows = paper_rows(record, bank, origin)
        self.versions[(*rows.place, rows.version)] = rows.text
        before = self.papers.get(rows.place)
        if before is None or before.version <= rows.version:
            self.papers[rows.place] = rows


def _signers(event: PrivateDataEvent) -> dict[str, Signer]:
    return {each.transaction_id: signer_of(each) for each in event.callers}


def _parsed(value: bytes) -> Mapping[str, Any]:
    """An object of JSON; an empty one for what is none."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
