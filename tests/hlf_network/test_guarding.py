"""What a failed `up` takes away, and what others need too much for that."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from hlf_network._session import Session
from hlf_network.errors import NetworkError
from hlf_network.steps.guarding import undo_on_failure


class Engine:
    """Containers by name."""

    def __init__(self, *running: str) -> None:
        self.running = list(running)
        self.has_network = True

    def containers(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=name) for name in self.running]

    def logs(self, name: str, *, tail: int) -> list[bytes]:
        return [f"{name} ends, {tail}".encode()]

    def remove(self, names: list[str]) -> None:
        self.running = [name for name in self.running if name not in names]

    def remove_network(self) -> bool:
        self.has_network = False
        return True


def failed(engine: Engine, folder: Path, *, needed: tuple[str, ...] = (), kept: tuple[str, ...] = ()) -> Engine:
    """The engine after an `up` that started three containers and failed."""
    layout = SimpleNamespace(failed=lambda name: folder / f"{name}.log")
    session = SimpleNamespace(engine=engine, layout=layout, consortium=SimpleNamespace(name="n"))

    def up() -> None:
        with undo_on_failure(cast("Session", session)) as undoing:
            engine.running += ["n-peer0.bank", "n-orderer0.bank", "n-chaincode.bank"]
            undoing.need(needed)
            undoing.keep(kept)
            raise NetworkError("no majority")

    with pytest.raises(NetworkError, match="no majority"):
        up()
    return engine


def test_of_a_first_up_that_fails_nothing_is_left_but_last_words(tmp_path: Path) -> None:
    engine = failed(Engine(), tmp_path, kept=("n-chaincode.bank",))
    assert (engine.running, engine.has_network) == ([], False)
    assert (tmp_path / "peer0.bank.log").read_text() == "n-peer0.bank ends, 200"


def test_what_ran_before_and_what_a_channel_may_have_committed_stays(tmp_path: Path) -> None:
    engine = failed(Engine("n-orderer1.bank"), tmp_path, kept=("n-chaincode.bank",))
    assert (engine.running, engine.has_network) == (["n-orderer1.bank", "n-chaincode.bank"], True)


def test_nodes_that_other_hosts_wait_for_stay_of_a_first_up_too(tmp_path: Path) -> None:
    needed = ("n-peer0.bank", "n-orderer0.bank")
    engine = failed(Engine(), tmp_path, needed=needed, kept=("n-chaincode.bank",))
    assert (engine.running, engine.has_network) == ([*needed], True)
