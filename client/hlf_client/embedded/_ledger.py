"""One member's connection to an embedded ledger."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Final, Self

from hlf_client._clock import Clock
from hlf_client.embedded._network import EmbeddedNetwork
from hlf_client.embedded.committing import disclosing, events
from hlf_client.embedded.committing.validation import Ordered
from hlf_client.embedded.endorsing.endorser import Endorsed
from hlf_client.embedded.endorsing.signatures import signs_for_itself
from hlf_client.embedded.storage.call import NONCE_BYTES, Call, SignedCall, encode_call, encode_proposal, transaction_id
from hlf_client.embedded.storage.certificates import Note
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.database import block_of, place_of
from hlf_client.embedded.storage.frame import FrameError
from hlf_client.embedded.storage.transaction import Transaction
from hlf_client.embedded.storage.writeset import PrivateValues, decode_private_values, encode_private_values
from hlf_client.errors import (
    CommitFailed,
    EndorsementFailed,
    InvalidDocument,
    LedgerUnavailable,
    NotAuthorized,
    NotFound,
)
from hlf_client.identity import Identity, sign_digest
from hlf_client.ledger import (
    Argument,
    BlockEvent,
    ChaincodeEvent,
    ChannelInfo,
    Checkpoint,
    Commit,
    CommitStatus,
    PreparedTransaction,
    Proposal,
    SubmittedTransaction,
    encode_argument,
    encode_transient,
)
from hlf_client.wire.blocks import PrivateDataEvent
from hlf_client.wire.written import Caller

__all__ = ["EmbeddedLedger", "invalid"]

_STATUS_DEADLINE: Final = 60.0
"""Seconds that `commit_status` waits for a transaction that no block has yet."""

_MAX_TRANSACTION_BYTES: Final = 10 * 1024 * 1024 - 64 * 1024
"""Bytes of a transaction as it is ordered: `absolute_max_bytes` of a channel, 10 MiB unless its members say otherwise,
less what Fabric's own envelope has beside ours."""

_FATE: Final = "SELECT place, code FROM tx WHERE id = ? AND channel = ?"
_CONTENT: Final = "SELECT content FROM tx WHERE id = ? AND channel = ?"
_INFO: Final = "SELECT height, last_hash FROM channel WHERE id = ?"
_TRANSIENT: Final = "SELECT content FROM transient WHERE channel = ? AND id = ?"
_KEEP: Final = """INSERT OR REPLACE INTO transient (channel, id, since, content)
    VALUES (?, ?, (SELECT height FROM channel WHERE id = ?), ?)"""


class EmbeddedLedger:
    """A `Ledger` over an SQLite file. `closed` is called once when the connection is closed."""

    def __init__(
        self,
        network: EmbeddedNetwork,
        identity: Identity,
        *,
        chaincode: str,
        closed: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._network = network
        self._identity = identity
        self._certificate_hash = bytes.fromhex(identity.certificate_hash)
        self._trusted = signs_for_itself(identity)
        self._chaincode = chaincode
        self._closed = closed
        self._open = True

    @property
    def network(self) -> EmbeddedNetwork:
        """What this connection shares with others of the process."""
        return self._network

    @property
    def msp_id(self) -> str:
        return self._identity.msp_id

    @property
    def certificate(self) -> bytes:
        return self._identity.certificate

    @property
    def certificate_hash(self) -> str:
        return self._identity.certificate_hash

    @property
    def channels(self) -> Sequence[str]:
        return tuple(name for name, channel in self._network.channels.items() if self.msp_id in channel.members)

    @property
    def clock(self) -> Clock:
        return self._network.clock

    # -- one call --------------------------------------------------------------------------------------------------

    async def evaluate(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> bytes:
        draft = self._draft(channel, function, args, transient, endorsing_organizations)
        return await self._evaluate(*await self._signed(*draft))

    async def submit(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Commit:
        draft = self._draft(channel, function, args, transient, endorsing_organizations)
        endorsed = await self._endorse(*await self._signed(*draft), shown=False)
        ordered = Ordered(endorsed.transaction, endorsed.content, b"", endorsed.private)
        ordered = ordered.signed(await self.sign(ordered.digest))
        _require_orderable(endorsed.content)
        notes = self._certificate_notes(endorsed)
        status = await self._network.committer().order(self._channel(channel), ordered, notes)
        if not status.is_valid:
            raise invalid(status)
        return Commit(status.transaction_id, status.block_number, endorsed.transaction.result.payload)

    # -- stages ----------------------------------------------------------------------------------------------------

    def propose(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Proposal:
        return self._draft(channel, function, args, transient, endorsing_organizations)[0]

    async def sign(self, digest: bytes) -> bytes:
        signature = await sign_digest(self._identity.signer, digest)
        if self._trusted:
            self._network.signatures.remember(self._certificate_hash, digest, signature)
        return signature

    async def sign_content(self, content: bytes) -> bytes:
        return await self.sign(hashlib.sha256(content).digest())

    async def evaluate_proposal(self, proposal: Proposal) -> bytes:
        return await self._evaluate(proposal)

    async def endorse(self, proposal: Proposal) -> PreparedTransaction:
        endorsed = await self._endorse(proposal, shown=True)
        notes = self._certificate_notes(endorsed)
        if endorsed.private:  # kept until it is ordered, perhaps by another process
            channel, name = self._channel(proposal.channel), bytes.fromhex(proposal.transaction_id)
            notes.append((_KEEP, (channel.id, name, channel.id, encode_private_values(endorsed.private))))
        if notes:
            await self._network.committer().write(notes)
        return PreparedTransaction(
            endorsed.content,
            proposal.transaction_id,
            proposal.channel,
            endorsed.transaction.result.payload,
            endorsing_organizations=tuple(each.msp_id for each in endorsed.transaction.endorsements),
        )

    async def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        """Take a transaction into a block. It returns when the block is durable, valid or not.

        Raises `InvalidDocument` for what is no transaction, `NotAuthorized` (code BAD_CREATOR_SIGNATURE) for one that
        its creator has not signed, `CommitFailed` for another transaction under a committed one's id.
        """
        channel = self._channel(transaction.channel)
        _require_orderable(transaction.content)
        try:
            decoded = Transaction.decode(transaction.content)
        except FrameError:
            raise InvalidDocument("this is not a transaction", field="transaction", reason="cannot be read") from None
        if (decoded.call.transaction_id, decoded.call.channel) != (transaction.transaction_id, channel.name):
            raise InvalidDocument(
                "the content belongs to another transaction", field="transaction", reason="does not fit"
            )
        ordered = Ordered(decoded, transaction.content, transaction.signature, self._kept(channel, decoded))
        self._check_creator(channel, ordered)
        status = await self._network.committer().order(channel, ordered)
        if status.code == ValidationCode.DUPLICATE_TXID.name:
            raise invalid(status)
        return SubmittedTransaction(status.transaction_id, channel.name, decoded.result.payload)

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        """Raises `LedgerUnavailable` when no block has it within a minute."""
        channel, name = self._channel(transaction.channel), _bytes_of(transaction.transaction_id)
        deadline = time.monotonic() + _STATUS_DEADLINE
        with self._network.announcer.listen() as news:
            while True:
                news.clear()
                async with self._network.snapshots.open() as snapshot:
                    rows = snapshot.rows(_FATE, (name, channel.id))
                if rows:
                    place, code = rows[0]
                    number = block_of(place - place_of(channel.id, 0))
                    return CommitStatus(transaction.transaction_id, number, ValidationCode(code).name)
                if time.monotonic() > deadline:
                    raise LedgerUnavailable(
                        f"no block has transaction {transaction.transaction_id} yet: ask again later"
                    )
                await events.wait(news)

    # -- events and information ------------------------------------------------------------------------------------

    def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[ChaincodeEvent]:
        found = self._channel(channel)
        first = self._first_block(found, start, after)
        network = self._network
        return events.chaincode_events(network.snapshots, network.announcer, found, self._chaincode, first, after)

    def block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[BlockEvent]:
        """A checkpoint inside a block has seen that block: the next one follows."""
        found = self._channel(channel)
        first = self._first_block(found, start, after)
        if after is not None and after.transaction_id is not None:
            first += 1
        return events.block_events(self._network.snapshots, self._network.announcer, found, first)

    def private_data_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[PrivateDataEvent]:
        """Blocks with what was written to this member's own private collections, as far as it stands still: what was
        written again, deleted or purged since is in `hashed` alone."""
        found = self._channel(channel)
        first = self._first_block(found, start, after)
        if after is not None and after.transaction_id is not None:
            first += 1
        network = self._network
        return disclosing.private_data_events(
            network.snapshots, network.announcer, found, network.certificates, self.msp_id, first
        )

    async def caller_of(self, channel: str, transaction_id: str) -> Caller:
        """Who signed a transaction of a block. Raises `NotFound` where none has it."""
        found, name = self._channel(channel), _bytes_of(transaction_id)
        async with self._network.snapshots.open() as snapshot:
            rows = snapshot.rows(_CONTENT, (name, found.id))
            transaction = events.ordinary(found, rows[0][0]) if rows else None
            if transaction is None:
                raise NotFound(f"there is no transaction {transaction_id} on channel {channel}", channel=channel)
            return disclosing.caller_of(snapshot, self._network.certificates, transaction)

    def _first_block(self, channel: Channel, start: int | None, after: Checkpoint | None) -> int:
        if after is not None:
            return after.block_number
        return events.height_of(self._network.snapshots, channel) if start is None else start

    async def channel_info(self, channel: str, *, organization: str = "") -> ChannelInfo:
        found = self._channel(channel)
        if organization and organization not in found.members:
            raise EndorsementFailed(f"{organization} has no peer on channel {channel}")
        async with self._network.snapshots.open() as snapshot:
            height, last_hash = snapshot.rows(_INFO, (found.id,))[0]
        return ChannelInfo(channel, height, last_hash.hex())

    # -- life ------------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        if self._open:
            self._open = False
            if self._closed is not None:
                await self._closed()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # -- parts -----------------------------------------------------------------------------------------------------

    def _draft(
        self,
        channel: str,
        function: str,
        args: Sequence[Argument],
        transient: Mapping[str, bytes] | None,
        endorsing_organizations: Sequence[str] | None,
    ) -> tuple[Proposal, SignedCall]:
        """An unsigned proposal, and what its content says."""
        nonce, now = secrets.token_bytes(NONCE_BYTES), self._proposal_time()
        arguments = (function.encode(), *map(encode_argument, args))
        name = transaction_id(nonce, self.msp_id, self._certificate_hash)
        data = encode_call(
            channel=channel,
            chaincode=self._chaincode,
            creator_msp=self.msp_id,
            certificate_hash=self._certificate_hash,
            nonce=nonce,
            timestamp=now,
            arguments=arguments,
        )
        values = encode_transient(transient)
        content = encode_proposal(data, self._identity.certificate, values)
        call = Call(data, name, channel, self._chaincode, self.msp_id, self._certificate_hash, now, arguments)
        proposal = Proposal(content, name, channel, tuple(endorsing_organizations or ()), timestamp=now)
        return proposal, SignedCall(call, self._identity.certificate, values)

    def _proposal_time(self) -> datetime:
        return self._network.clock()

    async def _signed(self, proposal: Proposal, call: SignedCall) -> tuple[Proposal, SignedCall]:
        return proposal.signed(await self.sign(proposal.digest)), call

    async def _evaluate(self, proposal: Proposal, call: SignedCall | None = None) -> bytes:
        self._check_open()
        accepted = self._network.endorser.accept(proposal, call)
        wanted = proposal.endorsing_organizations
        return await self._network.endorser.evaluate(accepted, wanted[0] if wanted else self.msp_id)

    async def _endorse(self, proposal: Proposal, call: SignedCall | None = None, *, shown: bool) -> Endorsed:
        self._check_open()
        accepted = self._network.endorser.accept(proposal, call)
        wanted = proposal.endorsing_organizations
        return await self._network.endorser.endorse(accepted, accepted.call.creator_msp, wanted, shown=shown)

    def _certificate_notes(self, endorsed: Endorsed) -> list[Note]:
        """What stores certificates that this ledger meets for the first time."""
        known = self._network.certificates
        return [
            known.note(digest, msp_id, pem)
            for digest, (msp_id, pem) in endorsed.certificates.items()
            if not known.is_stored(digest)
        ]

    def _kept(self, channel: Channel, transaction: Transaction) -> PrivateValues | None:
        """The private values that wait for this transaction since its endorsement."""
        if not transaction.result.changes.private:
            return {}
        name = bytes.fromhex(transaction.call.transaction_id)
        with self._network.snapshots.ahead() as snapshot:
            rows = snapshot.rows(_TRANSIENT, (channel.id, name))
        try:
            return decode_private_values(rows[0][0]) if rows else None
        except FrameError:
            return None

    def _check_creator(self, channel: Channel, ordered: Ordered) -> None:
        call, network = ordered.transaction.call, self._network
        with network.snapshots.ahead() as snapshot:
            pem = network.certificates.find(snapshot.rows, call.certificate_hash)
            key = channel.certify(call.creator_msp, pem, network.clock(), snapshot.rows)
        if not network.signatures.verify(key, call.certificate_hash, ordered.digest, ordered.signature):
            raise NotAuthorized(
                "the ordering service refuses the transaction: it is not signed by its creator (BAD_CREATOR_SIGNATURE)",
                code=ValidationCode.BAD_CREATOR_SIGNATURE.name,
            )

    def _channel(self, name: str) -> Channel:
        """A channel that this organisation has joined. Raises `NotFound`, `NotAuthorized`."""
        self._check_open()
        channel = self._network.channels.get(name)
        if channel is None:
            raise NotFound(f"there is no channel {name}: there are {', '.join(self._network.channels)}", channel=name)
        with self._network.snapshots.ahead() as snapshot:
            channel.certify(self.msp_id, self._identity.certificate, self._network.clock(), snapshot.rows)
        return channel

    def _check_open(self) -> None:
        if not self._open:
            raise LedgerUnavailable("this connection was closed: connect again")


def _bytes_of(transaction_id: str) -> bytes:
    try:
        return bytes.fromhex(transaction_id)
    except ValueError:
        raise InvalidDocument(
            "a transaction id is hexadecimal", field="transaction_id", reason="not hexadecimal"
        ) from None


def _require_orderable(content: bytes) -> None:
    if len(content) > _MAX_TRANSACTION_BYTES:
        reason = "is larger than the orderers take"
        size = f"{len(content)} bytes exceed {_MAX_TRANSACTION_BYTES}"
        told = f"order: the transaction is larger than the orderers take ({size})"
        raise InvalidDocument(told, field="request", reason=reason)


def invalid(status: CommitStatus) -> CommitFailed:
    """What a transaction is to its submitter that is in a block and does not count."""
    sentence = ValidationCode[status.code].sentence
    return CommitFailed(
        f"transaction {status.transaction_id} is in block {status.block_number} but invalid, {status.code}: {sentence}",
        transaction_id=status.transaction_id,
        code=status.code,
        block_number=status.block_number,
    )
