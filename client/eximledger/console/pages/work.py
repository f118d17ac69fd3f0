"""The first page: what an officer has to do; and search over everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from eximledger.console._asked import At, Desk, from_mirror, redirected
from eximledger.console._here import Here
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.desk import LoanDesk
from eximledger.mirror.reading import Hit, LoanFilter, LoanRow, LoanSort, MirrorReader
from eximledger_chaincode.lending.loan import OPEN, LoanState
from eximledger_chaincode.lending.roles import Duty, Role
from eximledger_chaincode.lending.time import day_in_china

__all__ = ["router"]

router: Final = pages()

_SIZE: Final = 20
_COUNTED: Final = 1000
_DUE_DAYS: Final = 30
_HITS: Final = 50
_FIRST: Final = {Role.FX_BUREAU: "/supervision", Role.CUSTOMS: "/upload"}


@dataclass(frozen=True, slots=True)
class _List:
    """One list of the page, and what it asks of the mirror."""

    title: str
    asked: LoanFilter
    sort: LoanSort
    descending: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    title: str
    rows: tuple[LoanRow, ...]
    count: int

    @property
    def said_count(self) -> str:
        """A long list is counted no further than a thousand: the page would take longer by it than by all else."""
        return f"{self.count}" if self.count <= _COUNTED else f"{_COUNTED}+"


@router.get("/")
async def work(here: At, desk: Desk) -> Response:
    """What waits for the officer: decisions, second persons, what is due and overdue. Other members have other work."""
    assert here.officer is not None  # noqa: S101 - the route lets nobody else in
    if here.officer.role is not Role.BANK:
        return redirected(here, _FIRST[here.officer.role])
    lists = await from_mirror(here, lambda mirror: [_shown(mirror, each) for each in _lists(here)])
    return rendered(here, "work", policy=await _policy_waits(here, desk), lists=lists, today=day_in_china(here.clock()))


async def _policy_waits(here: Here, desk: LoanDesk) -> bool:
    """Whether there is a policy for the officer to confirm."""
    if here.person is None or not here.may("confirm_policy"):
        return False
    proposed = (await desk.policies()).proposed
    return proposed is not None and not proposed.by.is_same(here.person)


@router.get("/search")
async def search(here: At, q: str = "") -> Response:
    """Loans and papers by number, party, bill or container."""
    text = q.strip()[:200]
    hits: Sequence[Hit] = await from_mirror(here, lambda mirror: mirror.search(text, limit=_HITS)) if text else ()
    return rendered(here, "search", asked=text, hits=hits)


def _lists(here: Here) -> list[_List]:
    assert here.officer is not None  # noqa: S101 - as above
    person, duties = here.officer.person, here.officer.duties
    today, bank = day_in_china(here.clock()), here.officer.person.msp_id
    open_states = tuple(state.value for state in LoanState if state in OPEN)
    waiting = LoanFilter(bank=bank, waiting_for_second_person=True)
    lists = []
    if Duty.CHECKER in duties:
        confirming = LoanFilter(bank=bank, waiting_for_second_person=True, not_proposed_by=person.name)
        lists += [
            _List("To confirm: proposed by others", confirming, LoanSort.UPDATED),
            _List("To decide", LoanFilter(bank=bank, states=open_states), LoanSort.OPENED),
        ]
    else:
        lists += [
            _List(
                "Mine, not decided yet",
                LoanFilter(bank=bank, states=open_states, officer=person.name),
                LoanSort.UPDATED,
                True,
            ),
            _List("Waiting for a second person", waiting, LoanSort.UPDATED),
        ]
    overdue = LoanFilter(
        bank=bank, states=(LoanState.OVERDUE.value, LoanState.DISBURSED.value), matures_until=today - timedelta(days=1)
    )
    due = LoanFilter(
        bank=bank,
        states=(LoanState.DISBURSED.value,),
        matures_from=today,
        matures_until=today + timedelta(days=_DUE_DAYS),
    )
    approved = LoanFilter(bank=bank, states=(LoanState.APPROVED.value,), waiting_for_second_person=False)
    return [
        *lists,
        _List("Approved, to be paid out", approved, LoanSort.UPDATED),
        _List("Overdue", overdue, LoanSort.MATURITY),
        _List("Due within 30 days", due, LoanSort.MATURITY),
    ]


def _shown(mirror: MirrorReader, each: _List) -> _Shown:
    page = mirror.loans(each.asked, sort=each.sort, descending=each.descending, size=_SIZE)
    return _Shown(each.title, page.rows, mirror.count_loans(each.asked, _COUNTED + 1))
