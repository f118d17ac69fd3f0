"""What another channel answers: its value as it is typed, its error as it was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest
from tests.eximledger_chaincode.contracts import trade

from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.documents import Money
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import FabricError, InvalidDocument, NotFound
from hlf_chaincode.peer import Response


@dataclass
class Elsewhere:
    """A channel that answers every call alike."""

    response: Response
    asked: list[tuple[str, Sequence[bytes], str]] = field(default_factory=list)

    async def invoke_chaincode(self, chaincode: str, arguments: Sequence[bytes], channel: str) -> Response:
        self.asked.append((chaincode, arguments, channel))
        return self.response

    @property
    def context(self) -> Context:
        return cast("Context", SimpleNamespace(stub=self))


async def test_texts_are_passed_on_as_they_are_and_others_as_json() -> None:
    there = Elsewhere(Response(status=200, payload=b'["x"]'))
    assert await ask(there.context, list[str], "fx", "documents:rates", "a", ["b"], date(2026, 7, 20)) == ["x"]
    ((_, arguments, channel),) = there.asked
    assert (arguments, channel) == ([b"documents:rates", b"a", b'["b"]', b'"2026-07-20"'], "fx")


async def test_the_last_answer_is_told_of_no_other_question() -> None:
    for amount in ("1.00", "2.00", "1.00"):
        there = Elsewhere(Response(status=200, payload=canonical_json(trade.usd(amount))))
        assert await ask(there.context, Money, "fx", "f") == trade.usd(amount)


@pytest.mark.parametrize("status", [200, 399])
async def test_what_peers_take_as_a_result_is_one(status: int) -> None:
    there = Elsewhere(Response(status=status, payload=b"true"))
    assert await ask(there.context, bool, "fx", "f") is True


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, InvalidDocument("no", field="numbers")), (404, NotFound("no")), (199, FabricError("no"))],
)
async def test_an_error_is_raised_as_it_was_there(status: int, error: FabricError) -> None:
    there = Elsewhere(Response(status=status, message=error.to_message(), payload=b"true"))
    with pytest.raises(type(error), match="no") as raised:
        await ask(there.context, bool, "fx", "f")
    assert raised.value.details == error.details
