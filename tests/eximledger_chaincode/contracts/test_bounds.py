"""What one call carries at most: as much is taken, more is refused by its field before anything is read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.trade import CHECKER, DONGYU, EXIMBANK, MEMBERS, SAFE

from hlf_chaincode.errors import FabricError, InvalidDocument

_READER: Final = (DONGYU.uscc, "EximbankMSP", "declarations")
_KEEPER: Final = _READER[:2]


def overrides(count: int) -> list[dict[str, str]]:
    return [{"finding": f"TENOR:{number}", "reason": "as agreed"} for number in range(count)]


def members(count: int) -> list[dict[str, str]]:
    banks = [{"msp_id": f"Bank{number}MSP", "name": "A bank", "role": "bank"} for number in range(count)]
    return [*MEMBERS, *banks[len(MEMBERS) :]]


def days(count: int) -> list[object]:
    return [trade.APPLIED + timedelta(days=number) for number in range(count)]


BOUNDS: Final[dict[str, tuple[Any, ...]]] = {
    "overrides of an approval": (
        CHECKER, "bank", "loans:approve", lambda least: ("L-1", 1, "0" * 64, overrides(200 + least)), "overrides"),
    "a rule set's name": (EXIMBANK, "bank", "loans:check", lambda least: ("L-1", "r" * (64 + least)), "rule_set"),
    "readers that are asked about": (
        SAFE, "customs", "authorisations:standing", lambda least: ([_READER] * (3_000 + least),), "readers"),
    "loans whose marks move": (
        SAFE, "bank", "register:pairs", lambda least: ("EximbankMSP", ["L-1"] * (50 + least)), "loan_ids"),
    "the day of what was used": (
        SAFE, "bank", "register:usage", lambda least: ("EximbankMSP", "none" + "x" * least), "day"),
    "the generation of a business day": (
        SAFE, "bank", "calendar:open", lambda least: (trade.APPLIED, 1_000_000 + least), "matching_generation"),
    "balances of one question": (
        SAFE, "bank", "supervision:balances", lambda least: ([trade.number_of(1)] * (50 + least),), "numbers"),
    "days of one question": (
        SAFE, "bank", "supervision:usage", lambda least: ("EximbankMSP", days(62 + least)), "days"),
    "keepers of one question": (
        SAFE, "customs", "supervision:kept", lambda least: ([_KEEPER] * (500 + least),), "keepers"),
    "members of a consortium": (
        SAFE, "fx", "consortium:configure", lambda least: (members(2_000 + least),), "members"),
    "voters of a consortium": (
        SAFE, "fx", "consortium:configure", lambda least: (MEMBERS, None, ["SafeMSP"] * (2_000 + least)), "voters"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOUNDS)
async def test_as_much_as_a_call_may_carry_is_taken_and_more_is_not(name: str) -> None:
    who, channel, function, arguments, field = BOUNDS[name]
    ledger = await trade.founded()

    async def refused(more: int) -> str:
        """Which field does not fit; nothing where the call is refused for what it asks."""
        try:
            await ledger.endorse(who, channel, function, *arguments(more), at="SafeMSP")
        except FabricError as error:
            return str(getattr(error, "field", "")).partition(".")[0]
        return ""

    assert await refused(0) != field
    assert await refused(1) == field


@pytest.mark.parametrize("generation", [-1, True])
async def test_a_generation_is_a_whole_number(generation: object) -> None:
    ledger = await trade.founded()
    with pytest.raises(InvalidDocument) as refused:
        await ledger.endorse(SAFE, "bank", "calendar:open", trade.APPLIED, generation)
    assert refused.value.field == "matching_generation"
    for fits in (0, 1):
        await ledger.endorse(SAFE, "bank", "calendar:open", trade.APPLIED, fits)
