"""What packing loans hold of contracts and letters of credit, in their bank's own vault.

One record for each contract or credit, read and written in the transaction that approves, repays, ends or converts a
loan: of two loans of the bank that race for one contract one commits. Of another bank's loan the register's tokens tell
(`matching`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eximledger_chaincode.contracts.state.keys import frame_key
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.vault import KeyReader, Vault
from eximledger_chaincode.documents import FinancedFrame, LetterOfCredit, Record, SalesContract
from eximledger_chaincode.lending.packing.frames import (
    FrameAccounts,
    FrameHeld,
    FramePosition,
    accounts_of,
    held_by_account,
    paper_of,
)
from hlf_chaincode.errors import Refused

__all__ = ["frame_accounts", "read_frame_positions", "write_frames"]


def frame_accounts(
    items: Iterable[FinancedFrame],
    contracts: Sequence[Record[SalesContract]],
    credits_: Sequence[Record[LetterOfCredit]],
) -> tuple[FrameAccounts, ...]:
    """The accounts that a packing loan's items take of. Raises `Refused` where the bank has not filed the paper."""
    found: list[FrameAccounts] = []
    for item in items:
        paper = paper_of(item, (each.document for each in contracts), (each.document for each in credits_))
        if paper is None:
            raise Refused(f"{item.kind} {item.number} is not filed: nothing can be held of it")
        found.append(FrameAccounts(kind=item.kind, number=item.number, accounts=accounts_of(paper)))
    return tuple(found)


async def read_frame_positions(
    vault: KeyReader, loan_id: str, papers: Iterable[SalesContract | LetterOfCredit]
) -> tuple[FramePosition, ...]:
    """What other loans hold of the accounts of these papers."""
    accounts = list(dict.fromkeys(account for paper in papers for account in accounts_of(paper)))
    return tuple(record.beside(loan_id) for record in await _read(vault, accounts))


async def write_frames(
    vault: Vault, loan_id: str, frames: Sequence[FrameAccounts], held: Iterable[FinancedFrame]
) -> None:
    """Have a loan hold just this of its contracts and credits; nothing frees all."""
    wanted = held_by_account(frames, held)
    records = await _read(vault, list(wanted))
    after = [record.holding(loan_id, wanted[record.account]) for record in records]
    await vault.put_many({frame_key(record.account): encode(record) for record in after})


async def _read(vault: KeyReader, accounts: Sequence[str]) -> list[FrameHeld]:
    stored = await vault.get_many([frame_key(account) for account in accounts])
    return [
        FrameHeld(account=account) if value is None else decode(FrameHeld, value)
        for account, value in zip(accounts, stored, strict=True)
    ]
