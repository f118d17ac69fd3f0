"""Contracts that live on one channel: each of their functions is refused on the others, whoever calls it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.seen.scene import DONGYU_USCC, authorised, revoked
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, OFFICER, SAFE

from eximledger_chaincode.contracts import exim
from eximledger_chaincode.lending.matching import Rekeying
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.steps import Proposal, Step
from hlf_chaincode.errors import Refused

HOMES: Final = {
    "authorisations": "customs", "calendar": "bank", "financing": "bank", "loans": "bank", "policies": "bank",
    "register": "bank",
}  # fmt: skip

_BILL: Final = ExportBill.model_validate({
    "declarations": [{"declaration_number": trade.number_of(1), "amount": trade.usd(1)}], "contracts": ["SC-1"],
    "invoices": ["INV-1"], "expected_receipt_on": "2026-11-01",
})  # fmt: skip
_OF_A_LOAN: Final = ("check", "preview", "lapse", "mark_overdue", "offered", "get", "history", "facts")

CALLS: Final[Mapping[str, tuple[object, ...]]] = {
    "authorisations:open": (trade.APPLIED,),
    "authorisations:authorise": (authorised(),),
    "authorisations:consent": (trade.consent("EximbankMSP"),),
    "authorisations:revoke": (revoked(),),
    "authorisations:standing": ([(DONGYU_USCC, "EximbankMSP", "declarations")],),
    "authorisations:book": (DONGYU_USCC, "EximbankMSP"),
    "authorisations:list": (),
    "calendar:open": (trade.APPLIED,),
    "calendar:day": (),
    "financing:balance": (trade.number_of(1),),
    "loans:apply": (trade.application(),),
    "loans:approve": ("L-1", 1, "0" * 64, []),
    **{f"loans:{each}": ("L-1",) for each in _OF_A_LOAN},
    **{f"loans:{each}": ("L-1", "as agreed") for each in ("reject", "refer", "withdraw")},
    "loans:propose": ("L-1", Proposal(step=Step.WRITE_OFF, reason="as agreed")),
    "loans:confirm": ("L-1", "0" * 64),
    "loans:preview_bill": ("L-1", _BILL),
    "loans:version": ("L-1", 1),
    "loans:step": ("L-1", 0),
    "loans:written": ("L-1", 0),
    "loans:list": (),
    "loans:named": ("0" * 64,),
    "policies:propose": (trade.policy(),),
    "policies:confirm": ("0" * 64,),
    "policies:book": (),
    "register:match": ("L-1",),
    **{f"register:{each}": () for each in ("rotate", "generations", "retire")},
    "register:pairs": ("EximbankMSP", ["L-1"]),
    "register:rekey": (Rekeying(generation=1),),
    "register:usage": ("EximbankMSP",),
}


def test_every_function_of_them_is_called() -> None:
    made = exim().contracts
    assert CALLS.keys() == {f"{contract}:{function}" for contract in HOMES for function in made[contract].functions}


@pytest.mark.parametrize("function", CALLS)
async def test_a_function_is_refused_on_another_channel(function: str) -> None:
    ledger = await trade.founded()
    home = HOMES[function.partition(":")[0]]
    for channel in {"bank", "customs", "fx"} - {home}:
        for who in (EXIMBANK, SAFE, OFFICER):
            with pytest.raises(Refused, match=f"lives on channel {home}, not on {channel}"):
                await ledger.endorse(who, channel, function, *CALLS[function])
