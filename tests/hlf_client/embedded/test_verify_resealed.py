"""Who has the orderer's key seals what he likes; `verify` asks the signatures and versions under the seal."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.stages import endorsed, ordered
from tests.hlf_client.embedded.probing import as_member, open_network
from tests.hlf_client.embedded.test_revocation import administrator, authority

from hlf_client.embedded import verify_file
from hlf_client.embedded._material import Material
from hlf_client.embedded._revoking import publish
from hlf_client.embedded.storage.blocks import Header, data_hash, signed_digest
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.database import place_of, version_of
from hlf_client.embedded.storage.transaction import Transaction, endorsement_digest
from hlf_client.identity import Identity, PrivateKeySigner, load_certificate, revoke

Row = tuple[Any, ...]
"""Place, channel, id, code, the creator's signature, content."""
Forged = Callable[["Forger", Row], Row]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Last in bank: an addition to a number that was read. Last in fx: a transaction endorsed before its peer's
    certificate was revoked and ordered after it, which is not valid."""
    path = tmp_path_factory.mktemp("pristine") / "exim.db"
    network = open_network(path)

    async def write() -> None:
        maker = as_member(network)
        for _ in range(3):
            await maker.submit("bank", "state:add", "n", 1)
        await maker.submit("fx", "state:put", "k", "before")
        waiting = await endorsed(maker, "fx", "state:put", "k", "late")
        peer = path.with_name("exim.db.msp") / "organizations/safe/peers/peer/msp/signcerts/cert.pem"
        lost = revoke(authority(network, "safe"), [load_certificate(peer.read_bytes())])
        await publish(administrator(network, "safe/admin"), "fx", lost)
        assert await ordered(maker, waiting) == "ENDORSEMENT_POLICY_FAILURE"
        await network.finish()

    asyncio.run(write())
    network.close()
    return path


@pytest.fixture
def forger(pristine: Path, tmp_path: Path) -> Iterator[Forger]:
    shutil.copytree(pristine.parent, tmp_path / "copy")
    path = tmp_path / "copy" / "exim.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield Forger(path, connection)


class Forger:
    """Has all keys of the folder, and uses some."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._file = connection
        self._material = Material(path.with_name("exim.db.msp"))

    def seal(self, forged: Forged, *, name: str = "bank", twice: bool = False) -> str:
        """What `verify` says once the last transaction is another one in a block that the orderer has signed."""
        file = self._file
        channel, height = file.execute("SELECT id, height FROM channel WHERE name = ?", (name,)).fetchone()
        number = height - 1
        first = place_of(channel, version_of(number, 0))
        (row,) = file.execute("SELECT * FROM tx WHERE place >= ? AND place < ?", (first, first + 100)).fetchall()
        rows = [forged(self, row)]
        if twice:
            file.execute("CREATE TABLE t AS SELECT * FROM tx")
            file.execute("DROP TABLE tx")
            file.execute("ALTER TABLE t RENAME TO tx")
            rows.append((first + 1, *rows[0][1:]))
        file.execute("DELETE FROM tx WHERE place = ?", (first,))
        file.executemany("INSERT INTO tx VALUES (?, ?, ?, ?, ?, ?)", rows)
        where = "WHERE channel = ? AND number = ?"
        (previous,) = file.execute(f"SELECT previous_hash FROM block {where}", (channel, number)).fetchone()
        header = Header(name, number, previous, data_hash((each[5], each[4]) for each in rows))
        orderer = self._material.orderer()
        digest = signed_digest(
            header.hash, [ValidationCode(each[3]) for each in rows], bytes.fromhex(orderer.certificate_hash)
        )
        file.execute(
            f"UPDATE block SET data_hash = ?, hash = ?, signature = ? {where}",
            (header.data_hash, header.hash, signed(orderer, digest), channel, number),
        )
        file.execute("UPDATE channel SET last_hash = ? WHERE id = ?", (header.hash, channel))
        return "; ".join(map(str, verify_file(self.path).problems))

    def with_content(self, row: Row, change: Callable[[Transaction], Transaction]) -> Row:
        """The transaction otherwise, signed by its creator."""
        content = change(Transaction.decode(row[5])).encode()
        creator = self._material.user("eximbank", "EximbankMSP", "maker")
        return (*row[:4], signed(creator, hashlib.sha256(content).digest()), content)

    def endorsed(self, transaction: Transaction) -> Transaction:
        """Signed by the peers that had signed it before."""
        data = transaction.result.encode()
        endorsements = []
        for each in transaction.endorsements:
            peer = self._peer(each.msp_id, each.certificate_hash)
            digest = endorsement_digest(data, each.certificate_hash, each.msp_id)
            endorsements.append(replace(each, signature=signed(peer, digest)))
        return replace(transaction, result_data=data, endorsements=tuple(endorsements))

    def _peer(self, msp_id: str, certificate_hash: bytes) -> Identity:
        for organization in ("customs", "eximbank", "safe", "tradebank"):
            peer = self._material.peer(organization, msp_id)
            if bytes.fromhex(peer.certificate_hash) == certificate_hash:
                return peer
        raise LookupError(msp_id)


def signed(identity: Identity, digest: bytes) -> bytes:
    assert isinstance(identity.signer, PrivateKeySigner)
    return identity.signer.sign(digest)


def as_it_was(_: Forger, row: Row) -> Row:
    return row


def another_signature(_: Forger, row: Row) -> Row:
    return (*row[:4], b"\x30\x06\x02\x01\x01\x02\x01\x01", row[5])


def another_result(forger: Forger, row: Row) -> Row:
    """With the endorsements of the one before."""

    def change(transaction: Transaction) -> Transaction:
        return replace(transaction, result_data=replace(transaction.result, payload=b"forged").encode())

    return forger.with_content(row, change)


def no_endorsement(forger: Forger, row: Row) -> Row:
    return forger.with_content(row, lambda transaction: replace(transaction, endorsements=()))


def an_older_version(forger: Forger, row: Row) -> Row:
    """Endorsed and all, as if it had been computed before the last addition."""

    def change(transaction: Transaction) -> Transaction:
        changes = transaction.result.changes
        older = replace(changes, reads={key: (version or 0) - (1 << 20) for key, version in changes.reads.items()})
        return forger.endorsed(replace(transaction, result=replace(transaction.result, changes=older)))

    return forger.with_content(row, change)


def not_valid(_: Forger, row: Row) -> Row:
    return (*row[:3], ValidationCode.MVCC_READ_CONFLICT, *row[4:])


def valid(_: Forger, row: Row) -> Row:
    assert row[3] == ValidationCode.ENDORSEMENT_POLICY_FAILURE
    return (*row[:3], ValidationCode.VALID, *row[4:])


def test_sealed_again_as_it_was_it_is_good(forger: Forger) -> None:
    assert forger.seal(as_it_was) == ""


@pytest.mark.parametrize(
    ("forged", "name", "words"),
    [
        (another_signature, "bank", "is not signed by its creator"),
        (another_result, "bank", "counts as valid but is not: ENDORSEMENT_POLICY_FAILURE"),
        (no_endorsement, "bank", "counts as valid but is not: ENDORSEMENT_POLICY_FAILURE"),
        (an_older_version, "bank", "counts as valid but is not: MVCC_READ_CONFLICT"),
        (not_valid, "bank", "key 'n' of the state has been changed"),
        (valid, "fx", "counts as valid but is not: ENDORSEMENT_POLICY_FAILURE"),
    ],
)
def test_what_was_never_entitled_to_be_is_found(forger: Forger, forged: Forged, name: str, words: str) -> None:
    assert words in forger.seal(forged, name=name)


def test_one_transaction_twice_in_a_block_is_found(forger: Forger) -> None:
    """The table takes two of one id no more than a ledger does: whoever forges that has to make another table."""
    assert "two of its transactions have one id" in forger.seal(as_it_was, twice=True)
