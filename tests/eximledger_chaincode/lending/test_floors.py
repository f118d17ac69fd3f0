"""The consortium's floors, and which of a bank's policies holds on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.eximledger_chaincode.lending.consent.issuing import authorisation

from eximledger_chaincode.documents import Record, TolerancePolicy
from eximledger_chaincode.lending.consent import MAX_TERM_DAYS, Authorisation
from eximledger_chaincode.lending.floors import AppliedPolicy, Floors, PolicyBook, policy_hash
from eximledger_chaincode.lending.roles import Person
from hlf_chaincode.errors import Refused

DAY = date(2026, 5, 4)
MAKER, RISK = (Person(msp_id="BankMSP", name=name) for name in ("maker", "risk"))


def policy(begins: int = 0, **changes: object) -> TolerancePolicy:
    """One that holds from that many days after `DAY` on."""
    return TolerancePolicy.model_validate({"bank": "BankMSP", "effective_from": DAY + timedelta(days=begins)} | changes)


def applied(version: int, begins: int = 0, **changes: object) -> AppliedPolicy:
    document = policy(begins, **changes)
    record = Record[TolerancePolicy](
        kind="policy", id="BankMSP", number="BankMSP", exporter=None, dated=document.dated, version=version,
        issuer="BankMSP", written_by="risk", written_at=datetime(2026, 5, 1, tzinfo=UTC),
        filed_at=datetime(2026, 5, 1, tzinfo=UTC), transaction_id=f"t-{version}",
        sha256=policy_hash(document), document=document,
    )  # fmt: skip
    return AppliedPolicy(record=record, proposed_by=MAKER, confirmed_by=RISK)


def book(*policies: AppliedPolicy, today: int = 0) -> PolicyBook:
    made = PolicyBook(bank="BankMSP")
    for each in policies:
        made = made.with_policy(each, DAY + timedelta(days=today))
    return made


def version_on(made: PolicyBook, day: int) -> int | None:
    found = made.on(DAY + timedelta(days=day))
    return None if found is None else found.record.version


# -- which holds -------------------------------------------------------------------------------------------------------


def test_none_holds_before_the_first_ones_day() -> None:
    made = book(applied(1, 3))
    assert [version_on(made, day) for day in (0, 2, 3, 4000)] == [None, None, 1, 1]


def test_the_one_of_the_latest_day_that_has_begun_holds() -> None:
    made = book(applied(1), applied(2, 5), applied(3, 2))
    assert [version_on(made, day) for day in (0, 1, 2, 4, 5, 9)] == [1, 1, 3, 3, 2, 2]


def test_of_two_of_one_day_the_later_version_holds() -> None:
    assert version_on(book(applied(1), applied(2)), 0) == 2


def test_what_never_holds_again_is_dropped_and_what_will_hold_is_kept() -> None:
    made = book(applied(1), applied(2, 5))
    after = made.with_policy(applied(3, 1), DAY + timedelta(days=6))
    assert [each.record.version for each in after.policies] == [2]
    after = made.with_policy(applied(3, 7), DAY + timedelta(days=6))
    assert [each.record.version for each in after.policies] == [2, 3]


def test_the_same_version_confirmed_again_stands_once() -> None:
    again = applied(1).model_copy(update={"confirmed_by": MAKER})
    assert book(applied(1), again).policies == (again,)


def test_one_that_would_never_hold_is_refused() -> None:
    made = book(applied(1, 2), today=2)
    with pytest.raises(Refused, match="from 2026-05-06 on, one from 2026-05-05 would never"):
        made.require_holding(policy(1), DAY + timedelta(days=2))
    for begins in (2, 3):
        made.require_holding(policy(begins), DAY + timedelta(days=2))
    made.require_holding(policy(1), DAY + timedelta(days=1))  # the other has not begun
    book().require_holding(policy(-9000), DAY)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=8), st.integers(0, 6))
def test_dropping_changes_nothing_of_what_holds_from_today_on(begins: list[int], today: int) -> None:
    policies = [applied(version, each) for version, each in enumerate(begins, 1)]
    kept = book(*policies, today=today)
    whole = PolicyBook(bank="BankMSP", policies=tuple(policies))
    assert [version_on(kept, day) for day in range(today, 12)] == [version_on(whole, day) for day in range(today, 12)]


# -- floors ------------------------------------------------------------------------------------------------------------

STRICT = Floors(
    never_financed_modes=("0214",), always_matched=("transport",), max_financed_percent=Decimal(60), max_tenor_days=90
)
ABOVE = {
    "never_financed_modes": ("0214", "3010"), "financeable_modes": ("0110",), "fingerprinted": ("transport",),
    "financed_percent": 60, "tenor_max_days": 90,
}  # fmt: skip


def test_a_policy_on_the_floors_is_taken_as_it_is() -> None:
    sound = policy(**ABOVE)  # type: ignore[arg-type] # by name
    STRICT.require(sound)
    assert STRICT.bounded(sound) == sound


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"financeable_modes": ("0110", "0214")}, "mode 0214 is never financed"),
        ({"fingerprinted": ("invoice",)}, "transport is always matched"),
        ({"financed_percent": "60.01"}, "at most 60 % is financed"),
        ({"tenor_max_days": 91}, "a loan runs 90 days at most"),
    ],
)
def test_each_floor_is_named_and_bounds(changes: dict[str, object], why: str) -> None:
    low = policy(0, **(ABOVE | changes))
    with pytest.raises(Refused, match=why) as raised:
        STRICT.require(low)
    assert ";" not in str(raised.value)
    STRICT.require(STRICT.bounded(low))


def test_all_that_goes_under_is_named_at_once() -> None:
    with pytest.raises(Refused, match=r"0214.*transport.*60 %.*90 days"):
        STRICT.require(policy(fingerprinted=()))


@given(
    st.sets(st.sampled_from(("0110", "0214", "2600", "3010"))),
    st.sets(st.sampled_from(("invoice", "transport"))),
    st.integers(0, 1000),
    st.integers(0, 3650),
)
def test_bounding_only_ever_makes_stricter(modes: set[str], kinds: set[str], percent: int, days: int) -> None:
    asked = policy(
        financeable_modes=sorted(modes), fingerprinted=sorted(kinds), financed_percent=percent, tenor_max_days=days
    )
    for floors in (STRICT, Floors()):
        holds = floors.bounded(asked)
        floors.require(holds)
        assert set(holds.financeable_modes) <= modes
        assert set(holds.never_financed_modes) >= {*asked.never_financed_modes, *floors.never_financed_modes}
        assert set(holds.fingerprinted) >= kinds
        assert (holds.financed_percent <= percent, holds.tenor_max_days <= days) == (True, True)


BUILT_IN = {
    "financeable_modes": ("0110", "1039"), "fingerprinted": ("invoice", "transport"), "financed_percent": 90,
    "tenor_max_days": 180,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        *(({"financeable_modes": ("0110", mode)}, f"mode {mode} is never financed")
          for mode in ("2600", "3010", "3100", "3339")),
        ({"fingerprinted": ("invoice",)}, "transport is always matched"),
        ({"fingerprinted": ("transport",)}, "invoice is always matched"),
        ({"financed_percent": "90.01"}, "at most 90 % is financed"),
        ({"tenor_max_days": 181}, "a loan runs 180 days at most"),
    ],
)  # fmt: skip
def test_each_built_in_floor_bounds_where_nobody_has_voted(changes: dict[str, object], why: str) -> None:
    Floors().require(policy(**BUILT_IN))  # type: ignore[arg-type] # by name
    with pytest.raises(Refused, match=why):
        Floors().require(policy(0, **(BUILT_IN | changes)))


@pytest.mark.parametrize(
    ("field", "last", "beyond"),
    [
        ("max_financed_percent", Decimal(100), Decimal("100.01")),
        ("max_financed_percent", Decimal("0.01"), Decimal(0)),
        ("max_tenor_days", 3650, 3651),
        ("max_tenor_days", 1, 0),
        ("never_financed_modes", ("0214",) * 100, ("0214",) * 101),
        ("always_matched", ("invoice",) * 2, ("invoice",) * 3),
        ("always_matched", (), ("contract",)),
    ],
)
def test_floors_that_members_may_vote_for_have_bounds_themselves(field: str, last: object, beyond: object) -> None:
    """Above 100 percent a loan would lend on what nothing holds."""
    assert getattr(Floors.model_validate({field: last}), field) == last
    with pytest.raises(ValidationError):
        Floors.model_validate({field: beyond})


def test_the_built_in_policy_keeps_the_built_in_floors() -> None:
    Floors().require(TolerancePolicy(bank="BankMSP"))


# -- consent and matching ----------------------------------------------------------------------------------------------


def test_where_nobody_has_voted_a_bank_has_sixteen_thousand_papers_looked_up_a_day() -> None:
    assert Floors().matches_per_day == 16_000
    assert "one business day takes (16000)" in str(Floors().refused_matches())


def allowed(days: int, begins: int = 0) -> Authorisation:
    return authorisation(valid_from=DAY + timedelta(days=begins), valid_until=DAY + timedelta(days=begins + days - 1))


def test_consent_is_given_as_the_consortium_takes_it() -> None:
    Floors().require_consent(allowed(30), "signed", DAY)
    with pytest.raises(Refused, match="must be signed by the exporter in"):
        Floors().require_consent(allowed(30), "officer", DAY)
    both, officers = Floors(consent=("signed", "officer")), Floors(consent=("officer",))
    for given_so in ("signed", "officer"):
        both.require_consent(allowed(30), given_so, DAY)
    with pytest.raises(Refused, match="must be given through the bank's officer"):
        officers.require_consent(allowed(30), "signed", DAY)


def test_consent_holds_no_longer_than_the_consortium_lets_it() -> None:
    floors = Floors(max_authorisation_days=90)
    floors.require_consent(allowed(90), "signed", DAY)
    with pytest.raises(Refused, match="90 days at most in this consortium, this one for 91"):
        floors.require_consent(allowed(91), "signed", DAY)


def test_where_nobody_has_voted_consent_holds_a_year_be_it_a_leap_year_and_no_day_more() -> None:
    Floors().require_consent(allowed(366), "signed", DAY)
    with pytest.raises(Refused, match="366 days at most"):
        Floors().require_consent(allowed(367), "signed", DAY)


def test_consent_that_is_over_is_not_taken_and_one_that_will_begin_is() -> None:
    Floors().require_consent(allowed(10, begins=-9), "signed", DAY)
    Floors().require_consent(allowed(10, begins=400), "signed", DAY)
    with pytest.raises(Refused, match="ended on 2026-05-03"):
        Floors().require_consent(allowed(10, begins=-10), "signed", DAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"consent": ()}, {"consent": ("bank",)}, {"consent": ("signed", "officer", "signed")},
        {"max_authorisation_days": 0}, {"max_authorisation_days": MAX_TERM_DAYS + 1}, {"matches_per_day": 15},
    ],
)  # fmt: skip
def test_floors_of_consent_are_bounded(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Floors.model_validate(wrong)
