"""Consent from nothing, for ledgers on one machine: an authority that members vote in, an exporter that signs.

In a consortium of many hosts each step is somebody else's (docs/consent.md); here one process plays all of them, in a
folder of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from eximledger.consent import ExporterKey, ExportersAuthority, KeyFolder, write_consent
from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger_chaincode.contracts.state.members import MAX_AUTHORITIES, Member
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.lending.consent import SCOPES, Authorisation, SignedAuthorisation
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Text
from hlf_client import Ledger
from hlf_client.errors import LedgerUnavailable, Refused

__all__ = ["Founded", "enrol", "found_authority", "signed_for", "write_consents"]


@dataclass(frozen=True, slots=True)
class Founded:
    """An exporters' authority, how many others its runner has, and whether it stood there before."""

    authority: ExportersAuthority
    others: int
    stood: bool

    @property
    def words(self) -> Text:
        """What is told of it."""
        en = "runs an exporters' authority, which customs and eximbank have voted for"
        zh = "设立出口商认证机构，海关和进出口银行投票通过"
        if self.stood:
            en, zh = "runs the exporters' authority of an earlier case still", "沿用先前案例设立的出口商认证机构"
        if self.others:
            en, zh = (
                f"{en}, beside {self.others} that are not this demo's",
                f"{zh}（另有 {self.others} 个非本演示所设）",
            )
        return Text(en=en, zh=zh)


_HEARD_SECONDS: Final = 30.0
_VOTERS = ("safe/officer", "customs/officer", "eximbank/admin")
_BANKS = ("eximbank", "tradebank")


async def write_consents(connect: Callable[[str], Ledger], papers: Path) -> list[Path]:
    """Play the authority, the votes and the exporter of the papers' application on a ledger whose members are all
    here; the files that the exporter has signed, one for each bank, to be filed by it."""
    (application,) = read(papers / "application.json").documents
    assert isinstance(application, LoanApplication)  # noqa: S101 - what the file holds
    folder = papers / "consent"
    async with AsyncExitStack() as stack:
        voters = [LoanDesk(await stack.enter_async_context(connect(name))) for name in _VOTERS]
        now = voters[0].ledger.clock()
        founded = await found_authority(folder / "authority", voters[0].ledger.msp_id, voters, now)
        key = enrol(founded.authority, folder / "exporter", application.exporter, application.applicant.name[:64], now)
        banks = {name: (await stack.enter_async_context(connect(name))).msp_id for name in _BANKS}
    today = day_in_china(now)
    numbers = {msp_id: f"AU-{today:%Y}-{serial}" for serial, msp_id in enumerate(banks.values(), 1)}
    signed = signed_for(key, numbers, today)
    files = []
    for name, msp_id in banks.items():
        files.append(folder / f"{name}.json")
        write_consent(files[-1], signed[msp_id])
    return files


async def found_authority(folder: Path, runner: str, voters: Sequence[LoanDesk], now: datetime) -> Founded:
    """The exporters' authority in `folder`, or a new one there; where the consortium does not name it yet, the member
    `runner` runs it and a majority's desks vote it in.

    Raises `Refused` where the runner has as many as a member may, and this is none of them.
    """
    if KeyFolder(folder).certificate_file.exists():
        authority = ExportersAuthority.open(folder)
    else:
        authority = ExportersAuthority.create(folder, "Exporters' authority", runner, now=now - timedelta(days=1))
    (held,) = [each.exporters_authority for each in await voters[0].members() if each.msp_id == runner]
    if authority.pem in held:
        return Founded(authority, len(held) - 1, stood=True)
    if len(held) >= MAX_AUTHORITIES:
        raise Refused(
            f"{runner} runs {len(held)} exporters' authorities, as many as a member may, and none of them is the one "
            f"in {folder}: give the folder of an earlier demo on this ledger (--folder), or take a ledger of your own",
            member=runner,
        )
    for desk in voters:
        present = await desk.members()
        await desk.vote([_with(member, authority.pem) if member.msp_id == runner else member for member in present])
    await asyncio.gather(*(_heard(desk, authority.pem) for desk in voters))
    return Founded(authority, len(held), stood=False)


async def _heard(desk: LoanDesk, pem: str) -> None:
    """Wait until the member's own peer has the vote: on a network it commits some moments after the voter's.

    Raises `LedgerUnavailable` after half a minute.
    """
    until = time.monotonic() + _HEARD_SECONDS
    while pem not in await _authorities(desk.ledger):
        if time.monotonic() > until:
            raise LedgerUnavailable(
                f"the peer of {desk.ledger.msp_id} has not heard of the exporters' authority: see whether it runs"
            )
        await asyncio.sleep(0.1)


async def _authorities(ledger: Ledger) -> Set[str]:
    """As the peer has them now: a desk of its own asks anew."""
    return {pem for member in await LoanDesk(ledger).members() for pem in member.exporters_authority}


def _with(member: Member, pem: str) -> Member:
    if pem in member.exporters_authority:
        return member
    return member.model_copy(update={"exporters_authority": (*member.exporters_authority, pem)})


def enrol(authority: ExportersAuthority, folder: Path, exporter: str, name: str, now: datetime) -> ExporterKey:
    """A key and a certificate for an exporter."""
    authority.enrol(folder, exporter, name, now=now - timedelta(hours=1))
    return ExporterKey.open(folder)


def signed_for(
    key: ExporterKey, banks: Mapping[str, str], today: date, *, days: int = 366
) -> Mapping[str, SignedAuthorisation]:
    """For each bank what the exporter signs: `banks` gives the number of each authorisation. It lets the bank read all
    that there is for so many days from today."""
    return {
        bank: key.sign(
            Authorisation(
                number=number,
                exporter=key.uscc,
                bank=bank,
                what=SCOPES,
                valid_from=today,
                valid_until=today + timedelta(days=days - 1),
                purpose="export financing",
            )
        )
        for bank, number in banks.items()
    }
