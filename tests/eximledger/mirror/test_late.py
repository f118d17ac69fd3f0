"""Private data that a peer has not when it shows the block: it is awaited, and taken when it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from sqlalchemy import Engine, select
from tests.eximledger.mirror.rows import rows_of

from eximledger.mirror import Mirror, MirrorReader
from eximledger.mirror.schema.tables import AWAITED, LOAN_STEP
from eximledger.testing import LedgerNetwork
from hlf_client import Checkpoint
from hlf_client.embedded import EmbeddedLedger
from hlf_client.wire.blocks import PrivateDataEvent, PrivateWrite

Hides = Callable[[PrivateWrite], bool]


class ForgetfulLedger(EmbeddedLedger):
    """Whose peer lacks some private data, or has it wrong."""

    hides: Hides = staticmethod(lambda _write: False)
    forges: bytes | None = None

    async def private_data_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[PrivateDataEvent]:
        async for event in super().private_data_events(channel, start=start, after=after):
            kept = [write for write in event.writes if not self.hides(write)]
            if self.forges is not None:
                kept = [replace(write, value=self.forges) for write in event.writes]
            yield replace(event, writes=tuple(kept))


def forgetful(network: LedgerNetwork) -> ForgetfulLedger:
    plain = network.connect("eximbank")
    return ForgetfulLedger(plain.network, network.identity("eximbank"), chaincode="exim")


def awaited(engine: Engine) -> int:
    with engine.connect() as connection:
        return len(connection.execute(select(AWAITED)).all())


async def test_what_the_peer_gets_later_is_mirrored_later(
    walked: LedgerNetwork, engine: Engine, engines: Callable[[str], Engine], tmp_path: object
) -> None:
    whole = engines(f"sqlite:///{tmp_path}/whole.db")
    await Mirror(walked.connect("eximbank"), whole).catch_up()
    ledger = forgetful(walked)
    ledger.hides = lambda write: write.collection == "papers-EximbankMSP"
    lacking = Mirror(ledger, engine)
    await lacking.catch_up()
    assert MirrorReader(engine).loans().rows == ()
    assert awaited(engine) == sum(each.awaited for each in MirrorReader(engine).status()) > 20
    assert lacking.metrics.of("bank").awaited == awaited(engine)
    ledger.hides = lambda _write: False
    while awaited(engine):
        await Mirror(ledger, engine).catch_up()
    assert {**rows_of(engine), "mirrored": []} == {**rows_of(whole), "mirrored": []}


async def test_a_value_that_is_not_the_blocks_is_not_taken(walked: LedgerNetwork, engine: Engine) -> None:
    """A peer cannot put a loan into a mirror that no block has."""
    ledger = forgetful(walked)
    ledger.forges = b"0" * 16 + b'{"kind":"loan"}'
    await Mirror(ledger, engine).catch_up()
    assert MirrorReader(engine).loans().rows == ()
    with engine.connect() as connection:
        assert connection.execute(select(LOAN_STEP)).all() == []
    assert awaited(engine) > 20
