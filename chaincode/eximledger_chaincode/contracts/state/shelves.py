"""Shelves: where documents of a kind stand for the one who asks, in the open or in a vault, read and written alike.

kept     channel   the writer and SAFE see         a bank sees
OPEN     any       the public state                the public state
OWN      bank      papers-{bank}                   papers-{bank}, its own alone
SHARED   customs   declarations                    shared-{bank}: copies
SHARED   fx        receipts                        shared-{bank}: copies
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from eximledger_chaincode.contracts.state.members import Consortium
from eximledger_chaincode.contracts.state.names import BANK, MAIN_COLLECTION, papers_of, shared_with
from eximledger_chaincode.contracts.state.vault import KeyReader, Vault, open_vault
from eximledger_chaincode.documents import Kept, Kind
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import InvalidDocument, NotAuthorized
from hlf_chaincode.stub import LedgerStub

__all__ = ["OpenShelf", "Shelf", "open_papers", "open_shelf", "readable_bank"]


class Shelf(KeyReader, Protocol):
    """Values under named keys, wherever they stand."""

    @property
    def collection(self) -> str | None:
        """The private collection; None in the open."""
        ...

    @property
    def is_empty(self) -> bool:
        """Whether nothing can stand here yet."""
        ...

    def name(self, key: str) -> str:
        """What a row of a list says of a key: opaque in a vault."""
        ...

    async def get(self, key: str) -> bytes | None:
        """One value, None where there is none."""
        ...

    async def get_named(self, names: Sequence[str]) -> list[bytes | None]:
        """Values by what rows say of their keys."""
        ...

    async def put_many(self, writes: Mapping[str, bytes]) -> None:
        """Write values in one request."""
        ...

    async def delete(self, keys: Iterable[str]) -> None:
        """Delete values."""
        ...


class OpenShelf:
    """The public state: what every member of the channel sees."""

    collection: None = None
    is_empty = False

    def __init__(self, stub: LedgerStub) -> None:
        self._stub = stub

    def name(self, key: str) -> str:
        return key.encode().hex()

    async def get(self, key: str) -> bytes | None:
        return await self._stub.get_state(key)

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        return await self._stub.get_states(list(keys))

    async def get_named(self, names: Sequence[str]) -> list[bytes | None]:
        return await self.get_many([bytes.fromhex(name).decode() for name in names])

    async def put_many(self, writes: Mapping[str, bytes]) -> None:
        await self._stub.put_states(dict(writes))

    async def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            await self._stub.delete_state(key)


async def open_shelf(
    context: Context, consortium: Consortium, placement: Kind, bank: str = "", ahead: Sequence[str] = ()
) -> Shelf:
    """Where the caller reads and writes documents of a kind. `bank` names whose private paper is meant, "" the
    caller's own; `ahead` is as `open_vault` has it. Raises `NotAuthorized` for who may see none of them."""
    if placement.kept is Kept.OPEN:
        return OpenShelf(context.stub)
    if placement.kept is Kept.OWN:
        return await open_papers(context, consortium, bank, ahead)
    reader = context.creator.msp_id
    role = consortium.roles.get(reader)
    if role is Role.BANK:
        return await open_vault(context, shared_with(reader), ahead)
    if role not in {placement.writer, Role.FX_BUREAU}:
        raise NotAuthorized(f"{reader} sees no {placement.words.en}: it is no bank, {placement.writer} or fx-bureau")
    return await open_vault(context, MAIN_COLLECTION[context.channel], ahead)


async def open_papers(context: Context, consortium: Consortium, bank: str = "", ahead: Sequence[str] = ()) -> Vault:
    """A bank's papers and loans, for that bank and SAFE; `ahead` as `open_vault` has it. Raises `NotAuthorized`."""
    return await open_vault(context, papers_of(readable_bank(context, consortium, bank)), ahead)


def readable_bank(context: Context, consortium: Consortium, bank: str) -> str:
    """The bank whose papers and loans are meant, which the caller is or supervises: the one named, else the caller's
    own. Raises `NotAuthorized`, and `InvalidDocument` where SAFE does not say whose."""
    reader = context.creator.msp_id
    role = consortium.roles.get(reader)
    if role is Role.FX_BUREAU:
        if consortium.roles.get(bank) is not Role.BANK:
            known = ", ".join(consortium.with_role(Role.BANK)[:5])
            raise InvalidDocument(
                f"bank: say whose papers or loans are meant: one of {known}", field="bank", reason="no bank"
            )
        return bank
    if role is not Role.BANK:
        raise NotAuthorized(f"{reader} is no bank on channel {BANK}: it sees neither papers nor loans", msp_id=reader)
    if bank not in {"", reader}:
        raise NotAuthorized(f"the papers and loans of {bank} are seen by {bank} and the fx-bureau alone", bank=bank)
    return reader
