"""A toy chaincode on Fabric in a process: what it is allowed, what a peer's server would refuse, failures on demand."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from hlf_chaincode.contract import Chaincode, Context, Contract, ContractError, query, transaction
from hlf_chaincode.errors import FabricError, InvalidDocument, NotAuthorized, NotSupported, Refused
from hlf_client.testing import Fabric


class SoldOut(Refused):
    """An error of the contract's own."""


class Base(Contract):
    @query(name="ReadAsset")
    async def read(self, context: Context, id: str) -> str:
        return (await context.stub.get_state(id) or b"").decode()


class Assets(Base):
    @transaction(name="CreateAsset")
    async def create(self, context: Context, id: str, colour: str) -> None:
        await context.stub.put_state(id, colour.encode())

    @query
    async def sized(self, context: Context, size: int, on: date = date(2026, 1, 1)) -> tuple[int, date]:
        return size, on

    @query
    async def sold(self, context: Context) -> None:
        raise SoldOut("none left", id="a")

    @query
    async def bug(self, context: Context) -> None:
        raise ZeroDivisionError("by me")

    @query
    async def sleepy(self, context: Context) -> None:
        await asyncio.sleep(0)

    @query
    async def busy(self, context: Context) -> None:
        until = time.thread_time() + 1.2
        while time.thread_time() < until:
            pass

    @query
    async def endless(self, context: Context) -> None:
        while True:
            pass

    @query
    async def idle(self, context: Context) -> None:
        """By the clock on the wall alone."""
        while True:
            time.sleep(0.05)  # noqa: ASYNC251 - what a contract must not do

    @query
    async def rich(self, context: Context) -> int:
        return len([each async for each in context.stub.get_query_result('{"selector":{}}')])

    @transaction
    async def note(self, context: Context, text: str) -> None:
        await context.stub.put_state("noted", b"by assets")
        answer = await context.stub.invoke_chaincode("notes", [b"put", text.encode()])
        assert answer.status == 200, answer.message

    async def before_transaction(self, context: Context) -> None:
        if context.function == "forbidden":
            raise Refused("never")

    async def unknown_transaction(self, context: Context) -> object:
        return f"no {context.function}"


class Notes(Contract):
    @transaction
    async def put(self, context: Context, text: str) -> None:
        await context.stub.get_state("noted")
        await context.stub.put_state("noted", text.encode())

    @query
    async def get(self, context: Context) -> str:
        return (await context.stub.get_state("noted") or b"").decode()


@pytest.fixture
def fabric() -> Iterator[Fabric]:
    basic, notes = Chaincode("basic", [Assets()]), Chaincode("notes", [Notes()])
    with Fabric(basic, notes, channels=("my.channel",)) as made:
        yield made


async def test_inherited_functions_with_names_of_their_own_need_no_prefix(fabric: Fabric) -> None:
    ledger = fabric.connect("Org1/User1")
    await ledger.submit("my.channel", "CreateAsset", "a", "blue")
    assert await ledger.evaluate("my.channel", "ReadAsset", "a") == b'"blue"'
    assert await ledger.evaluate("my.channel", "Assets:ReadAsset", "a") == b'"blue"'
    assert await ledger.evaluate("my.channel", "Whatever") == b'"no Whatever"'


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("five",), 'size: a whole number is wanted, not "five"'),
        (("5", "tomorrow"), 'on: a date like 2026-11-28 is wanted, not "tomorrow"'),
        ((), 'sized takes 1 to 2 arguments (size, on="2026-01-01"), not 0'),
    ],
)
async def test_wrong_arguments_are_told_in_the_callers_terms(
    fabric: Fabric, arguments: tuple[str, ...], words: str
) -> None:
    with pytest.raises(InvalidDocument) as failure:
        await fabric.connect().evaluate("my.channel", "sized", *arguments)
    assert failure.value.message == words


@pytest.mark.parametrize("on", ["2026-11-28", '"2026-11-28"'])
async def test_a_date_comes_with_quotes_or_without(fabric: Fabric, on: str) -> None:
    assert json.loads(await fabric.connect().evaluate("my.channel", "sized", "5", on)) == [5, "2026-11-28"]


async def test_an_error_of_ones_own_comes_back_as_itself(fabric: Fabric) -> None:
    with pytest.raises(SoldOut, match="none left") as failure:
        await fabric.connect().evaluate("my.channel", "sold")
    assert failure.value.details == {"id": "a"}


async def test_a_bug_comes_with_its_traceback(fabric: Fabric) -> None:
    with pytest.raises(FabricError, match=r"in bug\n.*\n*ZeroDivisionError: by me"):
        await fabric.connect().evaluate("my.channel", "bug")


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("sleepy", "not the ledger"),
        ("busy", "computed for longer"),
        ("endless", "computed for longer"),
        ("idle", "computed for longer"),
    ],
)
async def test_what_the_server_refuses_is_refused(fabric: Fabric, function: str, words: str) -> None:
    with pytest.raises(FabricError, match=words):
        await fabric.connect().evaluate("my.channel", function)


async def test_after_an_endless_one_the_others_are_answered_on_any_thread(fabric: Fabric) -> None:
    """One with large arguments computes on a thread of its own."""
    ledger, large = fabric.connect(), "x" * 100_000
    with pytest.raises(FabricError, match="computed for longer"):
        await ledger.evaluate("my.channel", "endless", transient={"large": large.encode()})
    await ledger.submit("my.channel", "CreateAsset", "a", "blue")
    assert await ledger.evaluate("my.channel", "ReadAsset", "a") == b'"blue"'


async def test_rich_queries_are_refused_as_on_leveldb(fabric: Fabric) -> None:
    with pytest.raises(NotSupported):
        await fabric.connect().evaluate("my.channel", "rich")


async def test_a_call_on_the_same_channel_writes_in_the_same_transaction(fabric: Fabric) -> None:
    assets, notes = fabric.connect(), fabric.connect(chaincode="notes")
    await assets.submit("my.channel", "note", "hello")
    assert await notes.evaluate("my.channel", "get") == b'"hello"'
    assert await assets.evaluate("my.channel", "ReadAsset", "noted") == b'"by assets"'


async def test_what_a_called_chaincode_has_read_is_checked_at_commit(fabric: Fabric) -> None:
    assets, notes = fabric.connect(), fabric.connect(chaincode="notes")
    proposal = assets.propose("my.channel", "note", "late")
    prepared = await assets.endorse(proposal.signed(await assets.sign(proposal.digest)))
    await notes.submit("my.channel", "put", "first")
    ordered = await assets.order(prepared.signed(await assets.sign(prepared.digest)))
    assert (await assets.commit_status(ordered)).code == "MVCC_READ_CONFLICT"


def test_what_overrides_a_function_is_marked_again() -> None:
    with pytest.raises(ContractError, match="rule: override"):

        class Silent(Base):
            async def read(self, context: Context, id: str) -> str:
                return id


async def test_a_long_call_to_another_chaincode_gives_way_and_is_answered(fabric: Fabric) -> None:
    """What a called contract reads may take longer than one slice of the event loop."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("hlf_client.embedded.endorsing.peer._SLICE", 0.0)
        await fabric.connect().submit("my.channel", "note", "hello")
    assert await fabric.connect(chaincode="notes").evaluate("my.channel", "get") == b'"hello"'


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Fabric(), "at least one chaincode"),
        (lambda: Fabric(toy(), organizations=()), "at least one organisation"),
        (lambda: Fabric(toy(), channels=()), "at least one channel"),
        (lambda: Fabric(toy(), toy()), "toy is the name of more than one chaincode"),
        (lambda: Fabric(toy(), organizations=("Org1", "Org1")), "Org1 is the name of more than one organisation"),
        (lambda: Fabric(toy(), channels=("My Channel",)), "^channel name: .*not 'My Channel'$"),
    ],
)
def test_a_network_that_cannot_be_is_told_in_a_sentence(make: Callable[[], Fabric], said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        make()


def test_who_is_not_there_is_told_by_who_is() -> None:
    with Fabric(toy()) as fabric, pytest.raises(NotAuthorized, match="there are Org1, Org2"):
        fabric.connect_sync("Village")


def toy() -> Chaincode:
    return Chaincode("toy", [Assets()])
