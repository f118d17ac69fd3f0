"""`bench.model`: more load never needs less, and the figures stand for what they are of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path

import pytest
from bench.model.costs import DECODED, Cost, Costs, costs_of
from bench.model.demand import COUNTRY, NODE, Demand
from bench.model.page import model_tables
from bench.model.sizing import bounds, needs
from bench.scale.figures import Growth, Measured
from bench.scale.recording import record_filing, record_loan
from bench.scale.steps import Step
from hypothesis import given
from hypothesis import strategies as st
from tests.bench.test_scale import measured

amounts = st.floats(1e-6, 0.1)
costs_drawn = st.builds(Cost, *(amounts for _ in range(6)), *(st.floats(1, 1e5) for _ in range(3)), st.integers(0, 100))
all_costs = st.builds(Costs, costs_drawn, costs_drawn, amounts, amounts, amounts, st.floats(1, 1e4), amounts)
demands = st.builds(
    Demand, st.integers(1, 1000), st.floats(1, 1e9), st.floats(0.01, 1e4), st.floats(0.01, 1e3)
)  # fmt: skip
LOADS = ("banks", "declarations_a_year", "declarations_a_second", "decisions_a_second", "queries_a_decision")


def organisations(**each: float) -> dict[str, float]:
    """CPU of a part by organisation."""
    return {name.replace("_", " "): value for name, value in each.items()}


def whole_figures() -> Measured:
    """Figures that nobody measured, with all that the model asks for."""
    cpu = organisations(
        client=1.0, chaincode=4.0, peers=10.0, orderers=3.0, peers_customs=4.0, peers_safe=3.0, peers_eximbank=4.0,
        peers_tradebank=2.0, chaincode_customs=2.0, chaincode_safe=1.0, chaincode_eximbank=1.0, chaincode_tradebank=0.5,
    )  # fmt: skip
    disk = {"blocks": 1000, "state": 500}
    peers = {"customs": {"blocks": 1000, "state": 900}, "safe": {"blocks": 1000, "state": 900}}
    peers |= {"eximbank": disk, "tradebank": disk}
    found = measured()
    return replace(
        found,
        filing=tuple(replace(each, cpu=cpu, declarations=100) for each in found.filing),
        lending=tuple(replace(each, cpu=cpu) for each in found.lending),
        growth=tuple(Growth(of, 1, peers) for of in ("declaration", "loan", "loan's papers")),
        idle_cpu=organisations(peers=0.2, peers_safe=0.1, peers_customs=0.1, orderers=0.03),
    )


@given(demands, all_costs, st.sampled_from(LOADS), st.floats(1, 50))
def test_more_load_never_needs_less(demand: Demand, costs: Costs, load: str, times: float) -> None:
    value = getattr(demand, load)
    more = replace(demand, **{load: math.ceil(value * times) if load == "banks" else value * times})
    less_needed, more_needed = needs(demand, costs, NODE), needs(more, costs, NODE)
    for each in fields(less_needed):
        assert getattr(more_needed, each.name) >= getattr(less_needed, each.name) * (1 - 1e-9), each.name
    carried = {each.what: each.carries for each in bounds(demand, costs, NODE)}
    for bound in bounds(more, costs, NODE):
        assert bound.carries <= carried[bound.what] * (1 + 1e-9), bound.what


@given(demands, all_costs, st.integers(2, 128))
def test_a_larger_node_never_carries_less(demand: Demand, costs: Costs, cores: int) -> None:
    carried = {each.what.split(", ")[0]: each.carries for each in bounds(demand, costs, replace(NODE, cores=cores))}
    for bound in bounds(demand, costs, replace(NODE, cores=cores * 2)):
        assert bound.carries >= carried[bound.what.split(", ")[0]], bound.what


@given(demands, all_costs)
def test_what_ends_first_stands_first(demand: Demand, costs: Costs) -> None:
    found = [each.carries for each in bounds(demand, costs, NODE)]
    assert found == sorted(found)


def test_costs_are_told_apart_by_who_did_what() -> None:
    costs = costs_of(whole_figures())
    assert costs.declaration.commit == pytest.approx(0.03)  # (4 + 2) / 2 of 100 declarations
    assert costs.declaration.endorse == pytest.approx(0.01)
    assert costs.loan.commit == pytest.approx(0.1)  # tradebank's peer, of 20 loans of the other bank
    assert costs.loan.endorse == pytest.approx(0.05)
    assert costs.loan.gateway == pytest.approx(0.05)
    assert costs.loan.chaincode == pytest.approx(0.05)
    assert (costs.declaration.ledger, costs.declaration.private) == (1500, 400)
    assert (costs.loan.private, costs.loan.ledger, costs.loan.wire) == (1600, 2200, 2000)
    assert costs.idle_peer == pytest.approx(0.1)
    assert costs.replayed == pytest.approx(200)


def test_what_was_not_measured_is_not_guessed() -> None:
    found = whole_figures()
    for lacking in (replace(found, filing=()), replace(found, lending=found.lending[:1]), replace(found, growth=())):
        with pytest.raises(ValueError, match="the model needs"):
            costs_of(lacking)


def test_a_peer_that_cannot_commit_so_much_is_told_however_many_there_are() -> None:
    costs = costs_of(whole_figures())
    found = needs(replace(COUNTRY, decisions_a_second=1000), costs, NODE)
    assert math.isinf(found.safe_peers)
    assert "none do" in model_tables(replace(COUNTRY, decisions_a_second=1000), costs, NODE)


async def test_what_a_loan_and_a_declaration_decode_of_the_definition_is_what_they_write(tmp_path: Path) -> None:
    """For each private key the collections of a bank on its channel."""
    of_a_bank = {"bank": 2, "customs": 1, "fx": 1}

    def decoded(steps: Sequence[Step]) -> int:
        return sum(of_a_bank[step.channel] * each.keys for step in steps for each in step.writes if each.collection)

    assert decoded(await record_loan(tmp_path)) == DECODED["loan"]


async def test_what_declarations_decode_of_the_definition_is_what_they_write(tmp_path: Path) -> None:
    batch, (step,) = 50, await record_filing(tmp_path, 50)
    keys = sum(each.keys for each in step.writes if each.collection)
    assert keys == pytest.approx(DECODED["declaration"] * batch, rel=0.1)


def test_with_more_banks_a_private_key_takes_longer() -> None:
    costs = costs_of(replace(whole_figures(), private_key={"10": 0.001, "110": 0.003}))
    assert costs.definition == pytest.approx(0.00001)  # 2 ms for 100 banks of two collections
    assert costs.loan.among(2, costs.definition) == costs.loan
    assert costs.loan.among(102, costs.definition).commit == pytest.approx(costs.loan.commit + DECODED["loan"] / 1000)
    assert costs_of(whole_figures()).definition == 0


def test_provinces_share_the_country() -> None:
    part = COUNTRY.share(0.2, 40)
    assert part.banks == 40
    assert part.decisions_a_second == pytest.approx(10)
    assert part.loans_a_year == pytest.approx(COUNTRY.loans_a_year / 5)
    assert {name for name, value in asdict(part).items() if value == asdict(COUNTRY)[name]} == {
        "peak_to_mean", "seconds_a_year", "queries_a_decision"
    }  # fmt: skip
