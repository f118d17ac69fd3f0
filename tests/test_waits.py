"""How the suite waits and where it listens: a sleep is a look at a condition before a deadline, no port is a number."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("tests", "bench")

ALLOWED = {
    ("bench/network/idle.py", "_measured"): "the nodes come to rest before the measure",
    ("bench/network/idle.py", "_taken"): "the interval of a measure",
    ("bench/pages.py", "_measured"): "until no list waits for a mirror that follows nothing",
    ("bench/scale/officers.py", "_officer"): "each begins at a moment of his own",
    ("bench/scale/officers.py", "look"): "how long an officer looks before a step",
    ("bench/scale/running.py", "_idle"): "the interval of a measure",
    ("tests/fabric/gateway/fates.py", "work"): "the pace of a load, until it is told to stop",
    ("tests/hlf_chaincode/shim/misbehaving.py", "busy"): "what a contract must not do; the server ends it",
    ("tests/hlf_chaincode/shim/misbehaving.py", "sleep"): "what a contract must not do; the server refuses it",
    ("tests/hlf_client/embedded/test_crash.py", "killed_after"): "where the kill finds the writer is left to chance",
    ("tests/hlf_client/embedded/test_crash.py", "test_a_founding_cut_short_is_finished_by_the_next_opening"): (
        "where the kill finds the founding is left to chance"
    ),
    ("tests/hlf_client/embedded/test_opening.py", "slow"): "a disk that takes its time",
    ("tests/hlf_client/embedded/test_opening.py", "tick"): "the interval of a measure, until the ledger is open",
    ("tests/hlf_client/embedded/test_overrun.py", "test_a_turn_that_waits_is_ended_by_the_clock_on_the_wall"): (
        "what a turn must not do"
    ),
    ("tests/hlf_client/embedded/test_turns.py", "test_who_has_written_stands_behind_who_waits"): (
        "who waits in the kernel cannot be seen"
    ),
    ("tests/hlf_client/embedded/test_turns.py", "work"): "a turn that lets the other loops run",
    ("tests/hlf_client/embedded/test_verify_resumed.py", "test_killed_at_any_moment_it_can_be_taken_up"): (
        "where the kill finds the verification is left to chance"
    ),
    ("tests/hlf_client/testing/test_fabric.py", "idle"): "what a contract must not do; the ledger ends it",
    ("tests/hlf_client/gateway/test_turns.py", "test_waiting_for_a_turn_is_none_of_a_calls_time"): (
        "longer than the call's own time limit"
    ),
    ("tests/trust/test_soak.py", "_sample"): "the interval of a measure, until it is cancelled",
}
"""Sleeps that wait for nothing, by file and function, each with its reason."""

CLOCKS = {"monotonic", "timeout", "wait_for"}
LISTENERS = {"bind", "add_insecure_port", "add_secure_port", "start_server", "create_server"}


def sources() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def sleeps(
    tree: ast.AST, function: str = "", *, looped: bool = False, timed: bool = False
) -> Iterator[tuple[str, int]]:
    """The function and line of each sleep that is not in a loop of a function which keeps a deadline.

    `sleep(0)` lets others have their turn and takes no time.
    """
    for node in ast.iter_child_nodes(tree):
        inner, loop, clock = function, looped, timed
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                inner, loop = node.name, False
                clock = any(isinstance(each, ast.Call) and called(each) in CLOCKS for each in ast.walk(node))
            case ast.While() | ast.For() | ast.AsyncFor():
                loop = True
            case ast.Call() if called(node) == "sleep" and not (looped and timed) and not is_turn(node):
                yield function, node.lineno
        yield from sleeps(node, inner, looped=loop, timed=clock)


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def is_turn(node: ast.Call) -> bool:
    return len(node.args) == 1 and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0


def fixed_ports(tree: ast.AST) -> Iterator[int]:
    """The lines where something listens at a number that somebody else may have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in LISTENERS:
            for each in (part for argument in node.args for part in ast.walk(argument)):
                if isinstance(each, ast.Constant) and is_fixed(each.value):
                    yield node.lineno


def is_fixed(value: object) -> bool:
    """Whether this is a port, or ends in one, that is not 0."""
    text = str(value).rpartition(":")[2] if isinstance(value, str) and ":" in value else str(value)
    return not isinstance(value, bool) and text.isdigit() and int(text) != 0


def test_a_sleep_is_a_look_at_a_condition_before_a_deadline() -> None:
    found: dict[tuple[str, str], list[int]] = {}
    for path in sources():
        for function, line in sleeps(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault((path.relative_to(ROOT).as_posix(), function), []).append(line)
    assert {place: lines for place, lines in found.items() if place not in ALLOWED} == {}
    assert set(ALLOWED) <= set(found), "an exception that nobody needs any more"


def test_nobody_listens_at_a_fixed_port() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        for line in fixed_ports(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("def f():\n  time.sleep(1)", 1),
        ("async def f():\n  await asyncio.sleep(PAUSE)", 1),
        ("def f():\n  while not there():\n    sleep(0.1)", 1),
        ("def f():\n  end = time.monotonic() + 5\n  sleep(0.1)", 1),
        ("def f():\n  end = time.monotonic() + 5\n  while time.monotonic() < end:\n    sleep(0.1)", 0),
        ("async def f():\n  async with asyncio.timeout(5):\n    while not there():\n      await asyncio.sleep(0.1)", 0),
        ("async def f():\n  await asyncio.sleep(0)", 0),
        ("def f():\n  end = time.monotonic()\n  while True:\n    def g():\n      sleep(1)", 1),
    ],
)
def test_the_judge_of_sleeps_judges(code: str, count: int) -> None:
    assert len(list(sleeps(ast.parse(code)))) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('server.bind(("127.0.0.1", 8080))', 1),
        ('server.add_insecure_port("[::]:7051")', 1),
        ('server.bind(("127.0.0.1", 0))', 0),
        ('server.add_secure_port("localhost:0", credentials)', 0),
        ("server.add_secure_port(address, credentials)", 0),
    ],
)
def test_the_judge_of_ports_judges(code: str, count: int) -> None:
    assert len(list(fixed_ports(ast.parse(code)))) == count
