"""When and on what containers are away, and that two who are away at one time share a token."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules.cases import CONTAINER, ON_BOARD, OTHER_CONTAINER, bill

from eximledger_chaincode.documents import Container, TransportDocument, TransportStage
from eximledger_chaincode.lending.likeness.fingerprints import Fingerprint, Similarity, fingerprint
from eximledger_chaincode.lending.likeness.voyages import UNDER_WAY_DAYS, loaded_on, voyage_of
from eximledger_chaincode.lending.matching import OF_PAPERS, likenesses, token_set

BOXES = (Container(number=OTHER_CONTAINER), Container(number=CONTAINER))


def stage(departed: int | None = None, arrived: int | None = None, **changes: object) -> TransportStage:
    days = {
        name: None if count is None else ON_BOARD + timedelta(days=count)
        for name, count in (("departed_on", departed), ("arrived_on", arrived))
    }
    return TransportStage.model_validate({**days, **changes})


@pytest.mark.parametrize(
    ("paper", "day"),
    [
        (bill(), ON_BOARD),
        (bill(on_board_on=None), None),
        (bill(on_board_on=None, stages=(stage(3), stage(1))), ON_BOARD + timedelta(days=1)),
        (bill(on_board_on=None, stages=(stage(0, pre_carriage=True), stage(2))), ON_BOARD + timedelta(days=2)),
        (bill(on_board_on=None, stages=(stage(0, pre_carriage=True),)), ON_BOARD),
        (bill(on_board_on=None, stages=(stage(0, on_carriage=True), stage(2))), ON_BOARD + timedelta(days=2)),
        (bill(on_board_on=None, stages=(stage(), stage(2))), ON_BOARD + timedelta(days=2)),
        (bill(stages=(stage(9),)), ON_BOARD),
    ],
)
def test_the_day_of_loading(paper: TransportDocument, day: date | None) -> None:
    assert loaded_on(paper) == day


@pytest.mark.parametrize(
    ("paper", "days"),
    [
        (bill(), UNDER_WAY_DAYS),
        (bill(stages=(stage(0, 2),)), UNDER_WAY_DAYS),
        (bill(stages=(stage(0, 20), stage(21, 30))), 31),
        (bill(stages=(stage(0, 70),)), 71),
        (bill(stages=(stage(0, 71),)), UNDER_WAY_DAYS),
    ],
)
def test_for_how_long_a_container_is_away(paper: TransportDocument, days: int) -> None:
    voyage = voyage_of(paper)
    assert (voyage.last - voyage.first).days + 1 == days


@pytest.mark.parametrize(
    ("vessel", "voyage", "one"),
    [
        ("M/V Kestrel Wind", "V.204S", True), ("MV KESTREL WIND", "voyage no 204 S", True),
        ("KESTREL WIND", "VOY204S", True), ("MV KESTREL WING", "204S", False), ("KESTREL WIND", "V205S", False),
        ("MVKESTREL WIND", "204S", False), ("Kestrel Wind", "VN204S", False),
    ],
)  # fmt: skip
def test_one_sailing_is_one_however_ship_and_voyage_are_called(vessel: str, voyage: str, one: bool) -> None:
    papers = [bill(vessel="Kestrel Wind", voyage="204S"), bill(vessel=vessel, voyage=voyage)]
    assert len({voyage_of(paper).sailing for paper in papers}) == (1 if one else 2)


def test_a_bill_without_a_day_on_board_counts_from_its_issue() -> None:
    assert voyage_of(bill(on_board_on=None, issued_on=date(2026, 2, 2))).first == date(2026, 2, 2)


def test_papers_meet_whose_days_touch() -> None:
    """The last day of one is a day of the voyage: a container cannot be loaded on another ship on it."""
    first = voyage_of(bill(stages=(stage(0, 10),)))
    touching, later = (
        voyage_of(bill(on_board_on=ON_BOARD + timedelta(days=days), stages=(stage(days, 30),))) for days in (10, 11)
    )
    assert (first.meets(touching), touching.meets(first)) == (True, True)
    assert (first.meets(later), later.meets(first)) == (False, False)


def test_a_voyage_touches_calendar_weeks() -> None:
    """From Sunday on, numbered through: what an earlier release registered must be found."""
    sunday = date(2026, 3, 22)
    voyages = (voyage_of(bill(on_board_on=sunday + timedelta(days=days), stages=())) for days in (0, 1, 6, 7))
    weeks = sunday.toordinal() // 7
    assert [each.weeks for each in voyages] == [(weeks,), (weeks, weeks + 1), (weeks, weeks + 1), (weeks + 1,)]


def test_a_sailing_is_a_ship_and_a_voyage() -> None:
    named = {"vessel": "Pearl Lotus", "voyage": "2614 S"}
    assert voyage_of(bill(vessel="Pearl Lotus")).sailing is None
    assert voyage_of(bill(voyage="2614S")).sailing is None
    assert voyage_of(bill(**named)).sailing == voyage_of(bill(vessel="PEARL-LOTUS", voyage="2614s")).sailing
    assert voyage_of(bill(**named)).sailing == ("pearl lotus", "2614S")
    by_number = voyage_of(bill(**named, imo_number="9074729")).sailing
    assert by_number == voyage_of(bill(vessel="Pearl Lotos", voyage="2614S", imo_number="9074729")).sailing


bills = st.builds(
    lambda day, arrival, box: bill(
        on_board_on=ON_BOARD + timedelta(days=day), stages=(stage(day, arrival),), containers=(BOXES[box],)
    ),
    st.integers(0, 60),
    st.none() | st.integers(0, 90),
    st.integers(0, 1),
)


def weeks(paper: TransportDocument) -> set[str]:
    return {found for likeness, found in likenesses(fingerprint(paper)) if likeness is Similarity.UNDER_WAY}


@given(bills, bills)
def test_two_papers_that_have_a_container_at_one_time_share_a_hash(
    one: TransportDocument, other: TransportDocument
) -> None:
    """None is missed; what is told beyond that is within the same calendar weeks."""
    mine, theirs = voyage_of(one), voyage_of(other)
    same = one.containers == other.containers
    shared = bool(weeks(one) & weeks(other))
    assert not (same and mine.meets(theirs)) or shared
    assert not shared or (same and not set(mine.weeks).isdisjoint(theirs.weeks))


def test_a_paper_is_another_one_with_another_container() -> None:
    """By its digest, though its four traits are the same; the order of containers tells nothing."""
    one, other = fingerprint(bill(containers=BOXES[:1])), fingerprint(bill(containers=BOXES))
    assert one.exact == other.exact
    assert len({one.digest, other.digest, fingerprint(bill(containers=())).digest}) == 3
    assert fingerprint(bill(containers=())).digest == one.exact
    assert other == fingerprint(bill(containers=BOXES[::-1]))
    assert other.digest != fingerprint(bill(containers=BOXES, gross_weight_kg="1")).digest
    assert (one.lookups, other.lookups, fingerprint(bill(containers=())).lookups) == (2, 3, 1)


def test_every_hash_has_a_token_and_every_secret_others() -> None:
    found: Fingerprint = fingerprint(bill(containers=BOXES, vessel="Pearl Lotus", voyage="2614S"))
    first, second = (token_set(1, secret * 32, found) for secret in (b"1", b"2"))
    assert len(set(first.every)) == len(list(likenesses(found))) == len(OF_PAPERS) + 2 * (1 + 2)
    assert not set(first.every) & set(second.every)
