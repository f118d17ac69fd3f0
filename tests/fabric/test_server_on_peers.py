"""The chaincode server's life beside real peers: many clients at once, restarts, a crash, an orderly end."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.fabric.consortium import Members
from tests.fabric.servers import EXIM

from hlf_client.errors import FabricError

pytestmark = pytest.mark.fabric


@pytest.mark.parametrize("clients", [32, 128])
def test_many_clients_at_once_are_all_answered(members: Members, clients: int) -> None:
    person = members.person("tradebank")
    with ThreadPoolExecutor(clients) as pool:
        answers = Counter(pool.map(lambda _: person.ask("bank", "consortium:members"), range(4 * clients)))
    assert list(answers.values()) == [4 * clients]


def test_two_peers_of_one_consortium_answer_a_call_across_channels(members: Members) -> None:
    """A query that asks another channel comes back to the same server over the same stream."""
    person = members.person("safe")
    with ThreadPoolExecutor(16) as pool:
        refusals = list(pool.map(lambda number: _refusal(members, trade.number_of(number)), range(1, 65)))
    assert all("customs has no declaration" in words for words in refusals)
    assert json.loads(person.ask("fx", "consortium:members"))


def _refusal(members: Members, number: str) -> str:
    """`financing:balance` on bank asks the customs channel for the declaration."""
    with pytest.raises(FabricError) as failure:
        members.person("eximbank").ask("bank", "financing:balance", number, at="safe")
    return failure.value.message


def test_a_peer_finds_its_server_again_after_a_restart(members: Members) -> None:
    person = members.person("tradebank")
    before = person.ask("fx", "consortium:members")
    for _ in range(3):
        members.servers.run("tradebank", EXIM)
        assert person.ask("fx", "consortium:members") == before


def _outcome(members: Members, _: int) -> str:
    """ "ok", or what went wrong: the peer's error comes as one of several kinds."""
    try:
        members.person("tradebank").ask("fx", "consortium:members")
    except Exception as error:
        return str(error)
    return "ok"


def test_a_peer_finds_its_server_again_after_a_crash_under_load(members: Members) -> None:
    """What was under way fails with an error; nothing hangs; the next one is answered."""
    with ThreadPoolExecutor(16) as pool:
        outcomes = pool.map(partial(_outcome, members), range(200))
        members.servers.process("tradebank").kill()
        members.servers.process("tradebank").wait(10)
        members.servers.run("tradebank", EXIM)
        assert len(list(outcomes)) == 200
    assert _outcome(members, 0) == "ok"


def test_sigterm_under_load_lets_what_runs_come_to_its_end(members: Members) -> None:
    process = members.servers.process("tradebank")
    with ThreadPoolExecutor(16) as pool:
        outcomes = pool.map(partial(_outcome, members), range(200))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        members.servers.run("tradebank", EXIM)
        assert len(list(outcomes)) == 200
    assert _outcome(members, 0) == "ok"


def test_while_its_server_is_away_a_peer_says_so_and_others_endorse(members: Members) -> None:
    members.servers.stop("tradebank")
    try:
        begun = time.monotonic()
        assert _outcome(members, 0) != "ok"
        assert time.monotonic() - begun < 30
        assert members.person("tradebank").ask("fx", "consortium:members", at="safe")
    finally:
        members.servers.run("tradebank", EXIM)


def test_the_logs_are_json_and_name_no_document(members: Members) -> None:
    for organization in ("eximbank", "tradebank", "safe", "customs"):
        lines = [json.loads(line) for line in members.servers.log(organization).splitlines()]
        assert {"serving", "a peer has connected"} <= {line["message"].split(" exim")[0] for line in lines}
        assert not any("invoice" in json.dumps(line) for line in lines)
