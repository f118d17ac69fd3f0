"""An embedded ledger's blocks say of a loan just what Fabric's say: hashes, the function's name, and nothing else."""

from __future__ import annotations

import hashlib
import sqlite3
from base64 import b64decode
from contextlib import closing
from pathlib import Path

from tests.dongyu import DONGYU

from eximledger.consortium import CHAINCODE, EXIM
from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.contracts.state.vault import SALT_BYTES
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.lending.loan import LoanHistoryItem, WrittenStep
from hlf_client.embedded.storage.transaction import Transaction

REASON = "a tyre plant asks for money on motors"


async def test_a_block_has_the_hashes_of_a_step_and_no_more(tmp_path: Path) -> None:
    network = LedgerNetwork(EXIM, tmp_path / "exim.db", chaincode=CHAINCODE)
    (application,) = read(DONGYU / "application.json").documents
    assert isinstance(application, LoanApplication)
    desk = LoanDesk(network.connect("eximbank/maker"))
    await desk.apply(application)
    loan = await desk.refer(application.loan_id, REASON)
    answer = await network.connect("safe").evaluate("bank", "loans:written", loan.loan_id, loan.step, loan.bank)
    told = WrittenStep.model_validate_json(answer)
    value = b64decode(told.value, validate=True)
    step = LoanHistoryItem.model_validate_json(value[SALT_BYTES:])
    assert (step.loan, told.loan) == (loan, loan)
    await network.finish()
    content, everything = blocks(network.path, step.transaction_id)
    network.close()

    transaction = Transaction.decode(content)
    assert transaction.call.arguments == (b"loans:refer",)
    key_hash = hashlib.sha256(told.key.encode()).digest()
    written = transaction.result.changes.private[told.collection].writes
    assert written[key_hash] == hashlib.sha256(value).digest()
    for secret in (told.key, loan.loan_id, REASON, application.exporter):
        assert secret.encode() not in everything
    assert value[:SALT_BYTES] not in everything
    for guess in (value[SALT_BYTES:], told.key.encode()[:-1], loan.loan_id.encode()):
        assert hashlib.sha256(guess).digest() not in everything


def blocks(path: Path, transaction_id: str) -> tuple[bytes, bytes]:
    """What the chain has of one transaction, and of all."""
    with closing(sqlite3.connect(path)) as connection:
        (one,) = connection.execute("SELECT content FROM tx WHERE id = ?", (bytes.fromhex(transaction_id),)).fetchone()
        return one, b"".join(row[0] for row in connection.execute("SELECT content FROM tx"))
