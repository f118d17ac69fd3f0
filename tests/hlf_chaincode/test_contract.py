"""Declaring contracts, decoding arguments, routing calls, and what becomes of errors."""

from __future__ import annotations

import json
import logging
from datetime import date
from decimal import Decimal
from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, StringConstraints
from tests.hlf_chaincode.memory_peer import MemoryLedger, collected, identity

from eximledger_chaincode.documents import EnterpriseClass, Money, ReferenceRate, Value
from hlf_chaincode.contract import (
    MAX_TRANSIENT_BYTES,
    MAX_TRANSIENT_VALUES,
    Chaincode,
    Context,
    Contract,
    ContractError,
    Encoded,
    query,
    transaction,
)
from hlf_chaincode.errors import Refused, from_message

OFFICER = identity("SafeMSP", "officer")


class Pair(Value):
    left: Money
    right: tuple[int, ...] = ()


class Echo(Contract):
    name = "echo"

    @query
    async def text(self, context: Context, text: str) -> str:
        return text

    @query
    async def code(self, context: Context, code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]) -> str:
        return code

    @query
    async def grade(self, context: Context, grade: EnterpriseClass) -> EnterpriseClass:
        return grade

    @query
    async def pair(
        self, context: Context, pair: Pair, count: Annotated[int, Field(ge=1, le=9)] = 1, on: date | None = None
    ) -> tuple[Pair, int, date | None]:
        return pair, count, on

    @query
    async def raw(self, context: Context, document: Encoded[ReferenceRate]) -> Encoded[ReferenceRate]:
        return Encoded(document.data)

    @query
    async def who(self, context: Context) -> list[str]:
        creator = context.creator
        return [creator.msp_id, creator.certificate_hash, creator.common_name, *creator.organizational_units]

    @transaction
    async def put(self, context: Context, key: str, value: str) -> None:
        await context.stub.put_state(key, value.encode())
        read = await context.stub.get_state(key)
        assert read is None or read != value.encode()
        context.set_event("written", {"key": key})

    @transaction
    async def refuse(self, context: Context) -> None:
        await context.stub.put_state("k", b"v")
        raise Refused("not today", day="Monday")

    @query
    async def crash(self, context: Context, secret: str) -> None:
        raise RuntimeError(f"value {secret}")

    @query
    async def keys(self, context: Context) -> int:
        return len(await collected(context.stub.get_state_by_range("", "")))


CHAINCODE = Chaincode("test", [Echo()], title="Test", version="2")


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger(CHAINCODE, ["one", "two"])


async def test_text_travels_raw_and_results_are_json(ledger: MemoryLedger) -> None:
    assert await ledger.evaluate(OFFICER, "one", "echo:text", '贵州东宇 " \\') == '贵州东宇 " \\'
    assert (await ledger.call(OFFICER, "one", "echo:put", "k", "v")).result == b"null"


async def test_json_is_validated_and_results_are_canonical(ledger: MemoryLedger) -> None:
    argument = b'{ "right": [2, 1], "left": {"currency": "usd", "amount": "5"} }'
    answer = await ledger.call(OFFICER, "one", "echo:pair", argument, b"2", b'"2026-09-01"')
    assert answer.result == b'[{"left":{"amount":"5.00","currency":"USD"},"right":[2,1]},2,"2026-09-01"]'


async def test_parameters_with_a_default_may_be_left_out(ledger: MemoryLedger) -> None:
    pair = {"left": {"amount": "1.00", "currency": "CNY"}}
    assert await ledger.evaluate(OFFICER, "one", "echo:pair", pair) == [{**pair, "right": []}, 1, None]


async def test_encoded_json_passes_untouched(ledger: MemoryLedger) -> None:
    assert (await ledger.call(OFFICER, "one", "echo:raw", b'{"b": 1, "a" :2}')).result == b'{"b": 1, "a" :2}'


PAIR = b'{"left":{"amount":"1.00","currency":"CNY"}}'


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ((b"",), "function"),
        ((b"echo",), "function"),
        ((b"echo:none",), "function"),
        ((b"none:text", b"x"), "function"),
        ((b"\xff\xfe:text",), "function"),
        ((b"echo:__init__",), "function"),
        ((b"echo:text",), "arguments"),
        ((b"echo:text", b"a", b"b"), "arguments"),
        ((b"echo:text", b"\xff"), "text"),
        ((b"echo:text", b"x" * 5000), "text"),
        ((b"echo:code", b"usd"), "code"),
        ((b"echo:grade", b"D"), "grade"),
        ((b"echo:pair", b""), "pair"),
        ((b"echo:pair", PAIR[:-1]), "pair"),
        ((b"echo:pair", b"[]"), "pair"),
        ((b"echo:pair", b"\xff"), "pair"),
        ((b"echo:pair", b"[" * 100_000), "pair"),
        ((b"echo:pair", b'{"left":{"amount":1.5,"currency":"CNY"}}'), "pair.left.amount"),
        ((b"echo:pair", b'{"left":{"amount":"NaN","currency":"CNY"}}'), "pair.left.amount"),
        ((b"echo:pair", b'{"left":{"amount":"1.001","currency":"CNY"}}'), "pair.left"),
        ((b"echo:pair", b'{"left":{"amount":"1.00","currency":"CNY"},"more":1}'), "pair.more"),
        ((b"echo:pair", b'{"left":{"amount":"1","currency":"CNY"},"right":[1.5]}'), "pair.right.0"),
        ((b"echo:pair", PAIR, b"10"), "count"),
        ((b"echo:pair", PAIR, b"1", b'"2026-02-30"'), "on"),
    ],
)
async def test_what_is_wrong_with_a_call_is_named(ledger: MemoryLedger, call: tuple[bytes, ...], field: str) -> None:
    envelope = await ledger.call(OFFICER, "one", *call)
    error = from_message(envelope.response.status, envelope.response.message)
    assert envelope.response.status == 400
    assert error.details["field"] == field


@pytest.mark.parametrize(
    ("transient", "status"),
    [
        ({"a": bytes(MAX_TRANSIENT_BYTES - 1)}, 200),
        ({"a": bytes(MAX_TRANSIENT_BYTES)}, 400),
        ({str(each): b"" for each in range(MAX_TRANSIENT_VALUES)}, 200),
        ({str(each): b"" for each in range(MAX_TRANSIENT_VALUES + 1)}, 400),
    ],
    ids=["bytes", "a byte more", "values", "a value more"],
)
async def test_transient_values_are_bounded(ledger: MemoryLedger, transient: dict[str, bytes], status: int) -> None:
    envelope = await ledger.call(OFFICER, "one", b"echo:text", b"hello", transient=transient)
    assert envelope.response.status == status


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
async def test_no_bytes_make_a_call_raise(function: bytes, argument: bytes) -> None:
    ledger = MemoryLedger(CHAINCODE, ["one"])
    for name in (function, b"echo:pair", b"echo:text"):
        envelope = await ledger.call(OFFICER, "one", name, argument)
        assert envelope.response.status in {200, 400}


async def test_a_typed_error_keeps_its_type_message_and_details(ledger: MemoryLedger) -> None:
    with pytest.raises(Refused, match="not today") as raised:
        await ledger.submit(OFFICER, "one", "echo:refuse")
    assert raised.value.details == {"day": "Monday"}


async def test_a_bug_is_a_500_with_an_id_and_no_values(ledger: MemoryLedger, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "hlf_chaincode"):
        envelope = await ledger.call(OFFICER, "one", "echo:crash", "a secret")
    assert envelope.response.status == 500
    incident = envelope.transaction.id[:16]
    assert from_message(500, envelope.response.message).details == {"incident": incident}
    assert incident in caplog.text
    assert "RuntimeError" in caplog.text
    assert "crash" in caplog.text
    assert "a secret" not in caplog.text + envelope.response.message


async def test_writes_and_event_reach_the_ledger(ledger: MemoryLedger) -> None:
    await ledger.submit(OFFICER, "one", "echo:put", "k", "v")
    assert ledger.channels["one"].events == [("written", {"key": "k"})]
    assert await ledger.evaluate(OFFICER, "one", "echo:keys") == 1
    assert await ledger.evaluate(OFFICER, "two", "echo:keys") == 0


async def test_the_creator_is_who_signed(ledger: MemoryLedger) -> None:
    assert await ledger.evaluate(OFFICER, "one", "echo:who") == [
        "SafeMSP",
        OFFICER.certificate_hash,
        "officer",
        "client",
    ]


# -- declarations that break a rule ------------------------------------------------------------------------------------


def test_a_synchronous_function_is_refused() -> None:
    def method(self: Contract, context: Context) -> None: ...

    with pytest.raises(ContractError, match="rule: async"):
        transaction(method)  # type: ignore[type-var]  # the mistake under test


def test_rules_of_a_class_are_named() -> None:
    with pytest.raises(ContractError, match="rule: name"):

        class Colon(Contract):
            name = "a:b"

            @query
            async def one(self, context: Context) -> None: ...

    class Empty(Contract):
        name = "empty"

    with pytest.raises(ContractError, match="rule: functions"):
        Chaincode("empty", [Empty()])


def test_rules_of_a_function_are_named() -> None:
    with pytest.raises(ContractError, match="rule: context"):

        class NoContext(Contract):
            name = "x"

            @query
            async def one(self, text: str) -> None: ...

    with pytest.raises(ContractError, match=r"result.*rule: annotated"):

        class NoResult(Contract):
            name = "x"

            @query
            async def one(self, context: Context, text: str): ...  # type: ignore[no-untyped-def]  # under test

    with pytest.raises(ContractError, match=r"text.*rule: annotated"):

        class NoType(Contract):
            name = "x"

            @query
            async def one(self, context: Context, text) -> None: ...  # type: ignore[no-untyped-def]  # under test

    with pytest.raises(ContractError, match="rule: positional"):

        class Star(Contract):
            name = "x"

            @query
            async def one(self, context: Context, *texts: str) -> None: ...


class WithFloat(Value):
    amounts: tuple[dict[str, float], ...] = ()


def test_no_float_and_nothing_untyped_in_any_type() -> None:
    with pytest.raises(ContractError, match=r"parameter amount holds a float.*rule: exact"):

        class FloatIn(Contract):
            name = "x"

            @query
            async def one(self, context: Context, amount: list[WithFloat]) -> None: ...

    with pytest.raises(ContractError, match=r"result holds a float.*rule: exact"):

        class FloatOut(Contract):
            name = "x"

            @query
            async def one(self, context: Context) -> Decimal | float | None: ...

    with pytest.raises(ContractError, match=r"part of any type.*rule: exact"):

        class Untyped(Contract):
            name = "x"

            @query
            async def one(self, context: Context, anything: dict[str, object]) -> None: ...


def test_names_are_unique() -> None:
    with pytest.raises(ContractError, match="rule: unique names"):
        Chaincode("twice", [Echo(), Echo()])


def test_a_class_is_no_contract_at_work() -> None:
    with pytest.raises(ContractError, match=r"Echo\(\) is wanted, not .*Echo'> \(rule: instances\)"):
        Chaincode("bare", [Echo])  # type: ignore[list-item]


# -- metadata ----------------------------------------------------------------------------------------------------------


async def test_metadata_describes_every_function(ledger: MemoryLedger) -> None:
    answer = await ledger.evaluate(OFFICER, "one", "org.hyperledger.fabric:GetMetadata")
    assert isinstance(answer, dict)
    assert answer["info"] == {"title": "Test", "version": "2"}
    described = {each["name"]: each for each in answer["contracts"]["echo"]["transactions"]}
    assert set(described) == set(Echo.functions)
    assert described["put"]["tag"] == ["SUBMIT"]
    assert described["text"]["tag"] == ["EVALUATE"]
    assert described["pair"]["parameters"] == [
        {"name": "pair", "required": True, "schema": {"$ref": "#/components/schemas/Pair"}},
        {"name": "count", "required": False, "schema": {"type": "integer", "minimum": 1, "maximum": 9}},
        {"name": "on", "required": False, "schema": {"type": "string", "format": "date"}},
    ]
    money = answer["components"]["schemas"]["Money"]
    assert money["$id"] == "Money"
    assert money["required"] == ["amount", "currency"]
    assert json.dumps(answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == CHAINCODE.metadata
