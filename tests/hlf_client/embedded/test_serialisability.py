"""Random concurrent histories: what was valid must be explainable by running it alone, in the order of the blocks."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conformance.stages import endorsed
from tests.hlf_client.embedded.probing import as_member, open_network

from hlf_client import PreparedTransaction

KEYS = ("a", "b", "c", "k1", "k2")
TARGETS = (*KEYS, "total")


@dataclass(frozen=True)
class Operation:
    """One transaction: adds to a key, deletes one, writes one blindly, or counts a range into a key."""

    kind: str
    key: str
    amount: int = 0

    @property
    def call(self) -> tuple[object, ...]:
        match self.kind:
            case "add":
                return ("state:add", self.key, self.amount)
            case "delete":
                return ("state:delete", self.key)
            case "put":
                return ("state:put", self.key, str(self.amount))
            case _:
                return ("state:count_into", "a", "l", self.key)

    def apply(self, state: dict[str, str]) -> object:
        """The sequential model: the answer, and the change of `state`."""
        match self.kind:
            case "add":
                state[self.key] = str(int(state.get(self.key, "0")) + self.amount)
                return int(state[self.key])
            case "delete":
                state.pop(self.key, None)
                return None
            case "put":
                state[self.key] = str(self.amount)
                return state[self.key]
            case _:
                count = sum("a" <= key < "l" for key in state)
                state[self.key] = str(count)
                return count


operations = st.one_of(
    st.builds(Operation, st.just("add"), st.sampled_from(KEYS), st.integers(1, 9)),
    st.builds(Operation, st.just("put"), st.sampled_from(KEYS), st.integers(1, 9)),
    st.builds(Operation, st.just("delete"), st.sampled_from(KEYS)),
    st.builds(Operation, st.just("count"), st.sampled_from(TARGETS)),
)
rounds = st.lists(
    st.tuples(st.lists(operations, min_size=1, max_size=6), st.randoms(use_true_random=False)), min_size=1, max_size=5
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rounds)
def test_valid_transactions_are_serialisable_in_block_order(plan: list[tuple[list[Operation], object]]) -> None:
    """In each round all are endorsed on one state, then ordered at once in another order: some conflict, none lies."""
    network = open_network(None)

    async def play() -> None:
        ledger = as_member(network)
        known: dict[str, tuple[Operation, PreparedTransaction]] = {}
        for batch, chance in plan:
            prepared = [(each, await endorsed(ledger, "bank", *each.call)) for each in batch]  # type: ignore[arg-type]  # the first part of a call is its name
            chance.shuffle(prepared)  # type: ignore[attr-defined]  # hypothesis' random.Random
            known.update({transaction.transaction_id: (each, transaction) for each, transaction in prepared})
            await asyncio.gather(*(ledger.order(transaction) for _, transaction in prepared))
        state: dict[str, str] = {}
        valid = 0
        height = (await ledger.channel_info("bank")).height
        blocks = ledger.block_events("bank", start=1)
        for _ in range(1, height):
            for entry in (await anext(blocks)).transactions:
                if entry.code != "VALID":
                    assert entry.code in {"MVCC_READ_CONFLICT", "PHANTOM_READ_CONFLICT"}
                    continue
                valid += 1
                operation, transaction = known[entry.transaction_id]
                assert operation.apply(state) == json.loads(transaction.result)
        assert valid >= len(plan)  # the first of every round always counts
        entries = json.loads(await ledger.evaluate("bank", "state:range", "", ""))
        assert dict(entries) == state
        await network.finish()

    try:
        asyncio.run(play())
    finally:
        network.close()
