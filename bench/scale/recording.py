"""The steps of a loan and of a batch of declarations, as the contracts make them on an embedded ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.trust.exports import Export, exporter
from tests.trust.fields import Field

from bench.scale.filing import Lane
from bench.scale.officers import lend
from bench.scale.steps import RecordingChaincode, Step
from eximledger.consortium import CHAINCODE
from eximledger.desk import Boundary, LoanDesk, Moment
from eximledger.desk.calling import endorsers_of
from eximledger.testing import _ready
from eximledger_chaincode.contracts import exim
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now
from hlf_client.testing import LedgerNetwork

__all__ = ["record_filing", "record_loan"]

_BANK: Final = "EximbankMSP"
_WARM: Final = 2


class _Recorder:
    """An embedded ledger whose chaincode notes what it asks, and the order in which transactions were committed."""

    def __init__(self, path: Path) -> None:
        self._made: list[RecordingChaincode] = []
        hosted = replace(_ready(day_in_china(utc_now())), chaincodes=self._make)
        self.network = LedgerNetwork(hosted, path, chaincode=CHAINCODE)
        self.committed: list[Boundary] = []

    def _make(self) -> list[RecordingChaincode]:
        self._made.append(RecordingChaincode(exim()))
        return self._made[-1:]

    def desk(self, who: str) -> LoanDesk:
        return LoanDesk(self.network.connect(who), interceptor=self._reach)

    async def _reach(self, boundary: Boundary) -> None:
        if boundary.moment is Moment.COMMITTED:
            self.committed.append(boundary)

    async def steps(self, desk: LoanDesk) -> list[Step]:
        """What was committed since the list was emptied; `{msp}` stands for the bank."""
        members, found = await desk.members(), []
        for each in self.committed:
            recorded = next(one.recorded[each.transaction_id] for one in self._made)
            endorsers = endorsers_of(each.channel, each.function, _BANK, members)
            found.append(_of_any_bank(recorded.step(each.function, endorsers)))
        return found


def _of_any_bank(step: Step) -> Step:
    return replace(
        step,
        endorsers=tuple(name.replace(_BANK, "{msp}") for name in step.endorsers),
        reads=tuple(replace(each, collection=each.collection.replace(_BANK, "{msp}")) for each in step.reads),
        writes=tuple(replace(each, collection=each.collection.replace(_BANK, "{msp}")) for each in step.writes),
    )


async def record_loan(folder: Path) -> list[Step]:
    """A loan's transactions from its application to its repayment; not the first one's, which finds less."""
    recorder = _Recorder(folder / "loan.db")
    field = Field("embedded", recorder.network.url, recorder.network.connect, recorder.network)
    try:
        await field.prepare()
        maker, checker = recorder.desk("eximbank/maker"), recorder.desk("eximbank/checker")
        for serial in range(1, _WARM + 2):
            export = Export(serial, exporter(serial))
            await LoanDesk(recorder.network.connect("customs")).file(export.declaration)
            await maker.file(export.papers)
            recorder.committed.clear()
            await lend(maker, checker, export.application(f"L-{serial}"))
        return await recorder.steps(maker)
    finally:
        await recorder.network.finish()
        recorder.network.close()


async def record_filing(folder: Path, batch: int) -> list[Step]:
    """One batch of declarations, after another one."""
    recorder = _Recorder(folder / f"filing-{batch}.db")
    try:
        desk = recorder.desk("customs")
        for place in (0, batch):
            recorder.committed.clear()
            await desk.file(Lane(0, 1).declarations(place, batch))
        return (await recorder.steps(desk))[:1]
    finally:
        await recorder.network.finish()
        recorder.network.close()
