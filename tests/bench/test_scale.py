"""`bench.scale` away from Fabric: percentiles, what is recorded of transactions, the contract of bytes, the page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from bench.scale.contract import POOL, served
from bench.scale.figures import (
    CeilingRun,
    FilingRun,
    Founding,
    Growth,
    Latency,
    LendingRun,
    Measured,
    ReadingRun,
    percentile,
)
from bench.scale.filing import LENT_TO, Lane, _rates, filer
from bench.scale.officers import STEPS, Officers, half_load_look
from bench.scale.page import ceiling_of, put_between, tables
from bench.scale.recording import record_filing, record_loan
from bench.scale.running import Sizes
from bench.scale.steps import Reads, Recorded, Writes
from bench.scale.usage import growth, spent, whole
from hypothesis import given
from hypothesis import strategies as st
from tests.hlf_chaincode.memory_peer import Collection, MemoryLedger, identity

CPU = {"client": 1.0, "chaincode": 2.0, "peers": 4.0, "orderers": 0.5, "peers safe": 1.0}
QUICK = Latency(10, 0.25, 0.5, 0.75, 0.8)


def measured() -> Measured:
    """Figures that nobody measured."""
    lent = LendingRun(
        officers=8, loans=20, finished=20, failed=(), seconds=10.0, steps=dict.fromkeys(STEPS, QUICK),
        transactions={"loans:check": QUICK},
        repeated={"loans:check": (2, 1)}, cpu=CPU,
    )  # fmt: skip
    ceiling = CeilingRun("loans", 10, 8, 40, 10.0, 0, QUICK, CPU)
    return Measured(
        machine="2 cores",
        measured_on="2026-11-28",
        founding=Founding(
            "3.1.5", "250ms", 12.0, 30.0, 1000, catch_up_seconds=5.0, catch_up_blocks=100, caught_up=1000
        ),
        filing=(FilingRun(500, 4, 10_000, 0, 20.0, QUICK, 0, CPU, (480.0, 520.0)),),
        reading=(ReadingRun(10_000, QUICK, QUICK, QUICK, 32, 900.0, QUICK, CPU, 4000, QUICK),),
        lending=(lent, replace(lent, bank="eximbank"), replace(lent, filed=2000, filing=QUICK)),
        ceilings=(ceiling, replace(ceiling, of="filing", items=500, workers=4)),
        growth=(Growth("declaration", 1000, {"safe": {"blocks": 2_000_000, "state": 1_000_000}}),),
    )


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.1, 100))
def test_a_percentile_is_a_time_within_which_so_many_were_done(times: list[float], percent: float) -> None:
    found = percentile(times, percent)
    assert found in times
    assert sum(each <= found for each in times) * 100 >= len(times) * percent * (1 - 1e-9)
    assert sum(each < found for each in times) * 100 < len(times) * percent


def test_a_latency_tells_the_slow_few_from_the_many() -> None:
    assert Latency.of([0.1] * 989 + [2.0] * 10 + [9.0]) == Latency(1000, 0.1, 2.0, 2.0, 9.0)
    assert Latency.of([]) == Latency(0, 0.0, 0.0, 0.0, 0.0)


def test_figures_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    measured().write(tmp_path / "figures.json")
    assert Measured.read(tmp_path / "figures.json") == measured()


def test_the_tables_tell_ratio_and_cost() -> None:
    text = tables(measured())
    (loans,) = (line for line in text.splitlines() if line.startswith("| 8 |") and "loans:check" in line)
    assert "| 2.00 | 4.00 | 50% |" in loans
    assert "loans:check 2 + 1" in loans
    assert "| 50 | 100 | 200 | 25 |" in loans  # CPU of client, chaincode, peers, orderers
    assert "| 10,000 by 500, 4 at a time, after 0 | 500 | 0.25 / 0.50 / 0.75 s | 480 to 520 | 0 |" in text
    assert "| a declaration (of 1,000) | safe | 2,000 | 1,000 | 3,000 |" in text


def test_a_run_beside_or_among_declarations_is_held_against_no_ceiling() -> None:
    lines = [line for line in tables(measured()).splitlines() if "beside 2,000 declarations filed" in line]
    among = replace(measured(), lending=(replace(measured().lending[0], among=10_000),))
    lines += [line for line in tables(among).splitlines() if line.startswith("| 8, among 10,000 declarations |")]
    assert len(lines) == 4
    assert not any("%" in line for line in lines)


def test_the_newest_ceiling_of_a_kind_counts() -> None:
    found = measured()
    newer = replace(found.ceilings[0], seconds=5.0)
    assert ceiling_of(replace(found, ceilings=(*found.ceilings, newer)), "loans", 8) == newer
    assert ceiling_of(found, "loans", 32) is None
    assert ceiling_of(found, "loans", 8, reads=False) is None


def test_a_generated_part_replaces_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A\n<!-- model: begin -->\nold\n<!-- model: end -->\nB\n")
    put_between(page, "model", "new")
    put_between(page, "model", "newer")
    assert page.read_text() == "# A\n<!-- model: begin -->\n\nnewer\n\n<!-- model: end -->\nB\n"
    with pytest.raises(ValueError, match="no part measured"):
        put_between(page, "measured", "text")


def test_sizes_are_what_the_command_line_names() -> None:
    sizes = Sizes().with_options({"officers": [1, 2], "loans": [3, 4], "points": None, "batches": None})
    assert (sizes.officers, sizes.loans, sizes.points) == ((1, 2), (3, 4), Sizes().points)


def test_lanes_never_share_an_exporter_nor_a_declaration() -> None:
    lanes = [list(Lane(number, 4).declarations(500 * number, 500)) for number in range(4)]
    sellers = [{paper.exporter for paper in lane} for lane in lanes]
    assert sum(map(len, sellers)) == len(set().union(*sellers))
    assert len({paper.id for lane in lanes for paper in lane}) == 2000
    assert filer(0)[8:17] == f"{LENT_TO:09}"


def test_rates_are_of_each_tenth() -> None:
    assert _rates([0.5, 1.5, 9.9, 10.0], 0.0, 10.0, 100) == (100, 100, 0, 0, 0, 0, 0, 0, 0, 200)


def test_usage_is_what_was_added() -> None:
    assert spent({"peers": 1.0}, {"peers": 2.5, "peers safe": 0.5}) == {"peers": 1.5, "peers safe": 0.5}
    assert whole(CPU) == 7.5
    assert growth({"safe": {"state": 5}}, {"safe": {"state": 3}, "customs": {"state": 4}}) == {
        "safe": {"state": -2}, "customs": {"state": 4}
    }  # fmt: skip


def test_a_step_is_what_was_read_and_written() -> None:
    made = Recorded("t", "bank", carried=40, answer=12)
    made.read("bank", "", b"abc")
    made.read("bank", "", b"")
    made.read("fx", "receipts", b"abcd")
    made.written = {"": {"one": 2, "two": 3}}
    step = made.step("loans:apply", ["SafeMSP"])
    assert step.reads == (Reads("bank", "", 1, 1, 3), Reads("fx", "receipts", 1, 0, 4))
    assert step.writes == (Writes("", 2, 5),)


def test_who_looks_makes_half_of_the_most() -> None:
    loan = Latency(10, 2.0, 3.0, 3.0, 3.0)
    most = replace(measured().lending[0], officers=128, finished=60, seconds=10.0, steps={"whole loan": loan})
    fewer = replace(most, officers=1, finished=5)
    seconds = half_load_look(120, [fewer, most])
    assert seconds == 7.6
    assert 120 / (5 * seconds + loan.p50) == most.per_second / 2
    assert half_load_look(4, [fewer, most]) == 0.0  # too few to make as much


def test_the_middle_half_leaves_out_who_begins_and_ends() -> None:
    crew = Officers(lambda _: pytest.fail("nobody is asked"), 2)
    assert crew.middle_per_second() == 0.0
    crew.finished = {f"L-{at}": at for at in (0.0, 10.0, 10.5, 11.0, 11.5, 12.0, 40.0, 90.0)}
    assert crew.middle_per_second() == 4 / 2.0
    looked = replace(measured().lending[0], looking=7.5, middle_per_second=2.8)
    text = tables(replace(measured(), lending=(looked,)))
    assert "| 8, looking 7.5 s before each step | 20 | 0 | 2.00 (2.80 in its middle half) |  |  |" in text


@pytest.mark.slow
async def test_a_loan_is_recorded_step_by_step(tmp_path: Path) -> None:
    steps = await record_loan(tmp_path)
    assert [step.name for step in steps] == [
        "loans:apply", "register:match", "copies:declarations", "copies:exchange", "loans:check", "loans:approve",
        "loans:propose", "loans:confirm", "loans:propose", "loans:confirm",
    ]  # fmt: skip
    check = steps[4]
    assert check.endorsers == ("{msp}", "SafeMSP")
    assert {reads.channel for reads in check.reads} == {"bank", "customs", "fx"}
    assert "papers-{msp}" in {writes.collection for writes in check.writes}
    assert all(step.writes for step in steps)
    assert {step.name for step in steps if not step.answer} == {"register:match"}  # which the desk needs no answer of


@pytest.mark.slow
async def test_a_batch_is_recorded_with_every_declaration_in_it(tmp_path: Path) -> None:
    (step,) = await record_filing(tmp_path, 20)
    written = {each.collection: each.keys for each in step.writes}
    assert written["declarations"] >= 40  # record and seal of each
    assert step.carried > 20 * 500


async def test_the_contract_of_bytes_reads_and_writes_what_it_is_told() -> None:
    ledger = MemoryLedger(served(), ("bank", "fx"), collections=lambda *_: Collection(("SafeMSP",)))
    safe, seed = identity("SafeMSP", "officer"), bytes(range(32))

    async def run(**step: object) -> object:
        told = {"reads": [], "writes": [], "place": 3, "key": "k", "answer": 50} | step
        transient = {"step": json.dumps(told).encode(), "seed": seed}
        return await ledger.submit(safe, "bank", "bytes:run", transient=transient)

    await run(key="pool", writes=[{"collection": "matching", "keys": POOL, "size": POOL * 100}])
    values = ledger.channels["bank"].values
    assert {len(value) for value in values.values()} == {100}
    assert len(set(values.values())) == POOL

    reads = [{"channel": "bank", "collection": "matching", "found": 2, "absent": 3}]
    written = [{"collection": "", "keys": 4, "size": 400}]
    assert await run(reads=reads, writes=written) == "x" * 48
    found = [key for collection, key in values if not collection]
    assert found == ["k-0", "k-1", "k-2", "k-3"]
    told = {"place": 3, "reads": reads}
    assert await ledger.evaluate(safe, "bank", "bytes:read", json.dumps(told)) == "x" * 200
