"""Loans as they change: server-sent events, a block at a time."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime
from time import monotonic
from typing import Annotated, Final, cast

from fastapi import APIRouter, Header, Query
from starlette.responses import StreamingResponse

from eximledger.api._asking import BankName
from eximledger.api._guarded import Desk, Guarded, Server, Signed
from eximledger.mirror.reading import LoanFilter, LoanRow, LoanSort, MirrorReader
from eximledger.serving import Served, SignedIn
from eximledger_chaincode.contracts.state.names import BANK
from hlf_client import BlockEvent, Ledger
from hlf_client.errors import LedgerUnavailable

__all__ = ["router"]

router: Final = APIRouter(tags=["loans"], route_class=Guarded)

_HEARTBEAT: Final = 15.0
_PAGE: Final = 100
_log = logging.getLogger("eximledger.serving")


@router.get("/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def loan_events(
    desk: Desk,
    server: Server,
    who: Signed,
    bank: BankName = "",
    seconds: Annotated[int, Query(ge=1, le=900, description="How long; a browser then comes again.")] = 900,
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", pattern="^[0-9]{1,15}$", description="Goes on after this block.")
    ] = None,
) -> StreamingResponse:
    """An event `loan` for each loan that a block has changed: `bank`, `loan_id`, `state`, `version`, `proposed` and
    `updated_at` as JSON. Its id is the block's number."""
    reader = server.mirrors.of(desk.ledger.msp_id)
    start = None if last_event_id is None else int(last_event_id) + 1
    # both ledgers' streams are generators, which the interface does not say
    blocks = cast("AsyncGenerator[BlockEvent, None]", desk.ledger.block_events(BANK, start=start))
    stream = _stream(blocks, reader, desk.ledger, server, who, bank, monotonic() + seconds)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _stream(
    blocks: AsyncGenerator[BlockEvent, None],
    reader: MirrorReader,
    ledger: Ledger,
    server: Served,
    who: SignedIn,
    bank: str,
    until: float,
) -> AsyncIterator[bytes]:
    """Blocks as events, with a sign of life while there is none. It ends when its time, or the session, is over, and
    where the ledger goes away: a browser then comes again."""
    yield b": listening\n\n"
    waiting: asyncio.Task[BlockEvent] | None = None
    try:
        while (left := until - monotonic()) > 0:
            waiting = waiting or asyncio.create_task(_next(blocks))
            done, _ = await asyncio.wait({waiting}, timeout=min(left, _HEARTBEAT))
            if not await _still(server, who):
                return
            if not done:
                yield b": still here\n\n"
                continue
            block, waiting = waiting.result(), None
            server.mirrors.note_write(ledger.msp_id)
            await server.mirrors.caught_up(ledger)
            for loan in await asyncio.to_thread(_changed, reader, block, bank):
                yield _event(block.number, loan)
    except LedgerUnavailable as error:
        _log.warning("events end: %s", error.message)
    finally:
        if waiting is not None:
            waiting.cancel()
            await asyncio.wait({waiting})
        await blocks.aclose()


async def _next(blocks: AsyncGenerator[BlockEvent, None]) -> BlockEvent:
    return await anext(blocks)


async def _still(server: Served, who: SignedIn) -> bool:
    """Whether who began to listen is still signed in; to listen alone does not keep a session awake."""
    return not who.session or await server.sessions.find(who.session, using=False) is not None


def _changed(reader: MirrorReader, block: BlockEvent, bank: str) -> list[LoanRow]:
    """The loans whose last change is one of the block's."""
    moments: set[datetime] = {each.timestamp for each in block.transactions if each.code == "VALID"}
    if not moments:
        return []
    found, cursor = [], ""
    while True:
        page = reader.loans(LoanFilter(bank=bank), sort=LoanSort.UPDATED, descending=True, size=_PAGE, cursor=cursor)
        found += [each for each in page.rows if each.updated_at in moments]
        cursor = page.cursor
        if not cursor or page.rows[-1].updated_at < min(moments):
            return found


def _event(block: int, loan: LoanRow) -> bytes:
    said = {
        "bank": loan.bank, "loan_id": loan.loan_id, "state": loan.state, "version": loan.version,
        "proposed": loan.proposed, "updated_at": loan.updated_at.isoformat(),
    }  # fmt: skip
    return f"id: {block}\nevent: loan\ndata: {json.dumps(said)}\n\n".encode()
