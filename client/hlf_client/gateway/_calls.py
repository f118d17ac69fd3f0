"""Calls of the gateway service: at the first peer that answers, within one deadline, repeated only where that is safe.

All of them are safe to repeat as they are: questions and endorsements change nothing, and Fabric commits a transaction
id once however often its envelope is handed in. Nothing is proposed anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final, cast

import grpc
import grpc.aio

from hlf_client.errors import FabricError, LedgerUnavailable
from hlf_client.gateway._errors import RpcFailure, is_transient, typed_error
from hlf_client.gateway._observation import Observation, Subject
from hlf_client.gateway._peers import Line, Peers
from hlf_client.gateway._pulse import Silence
from hlf_client.gateway._telemetry import observe
from hlf_client.gateway._turns import turns_at
from hlf_client.wire.timeouts import Retries

__all__ = ["COMMIT_STATUS", "ENDORSE", "EVALUATE", "ORDER", "Calls", "Rpc"]

_log = logging.getLogger("hlf_client.gateway")


@dataclass(frozen=True, slots=True)
class Rpc:
    """A method of the gateway service, what it does in a word or two, for messages, and whether peers simulate it."""

    method: str
    doing: str
    simulates: bool = False


EVALUATE: Final = Rpc("Evaluate", "evaluate", simulates=True)
ENDORSE: Final = Rpc("Endorse", "endorse", simulates=True)
ORDER: Final = Rpc("Submit", "order")
COMMIT_STATUS: Final = Rpc("CommitStatus", "commit status")


class Calls:
    """What is asked of the gateway peers goes through here; what they simulate, `at_once` at one peer."""

    def __init__(self, peers: Peers, retries: Retries, at_once: int) -> None:
        self._peers = peers
        self._retries = retries
        self._at_once = at_once

    async def make(self, rpc: Rpc, request: object, subject: Subject, seconds: float) -> object:
        """The answer. Raises typed errors that name the transaction and keep the peers' words."""
        with observe(rpc.method, subject) as observation, self._peers.open_while(rpc.doing):
            return await self._answer(rpc, request, subject, time.monotonic() + seconds, observation)

    async def _answer(
        self, rpc: Rpc, request: object, subject: Subject, deadline: float, observation: Observation
    ) -> object:
        lines = self._peers.in_turn()
        unclear: RpcFailure | None = None
        for attempt in count(1):
            line = lines[(attempt - 1) % len(lines)]
            peers_left = max(1, len(lines) - attempt + 1)
            line.outstanding += 1
            try:
                async with self._turn(rpc, line) as waited:
                    deadline += waited
                    share = max(deadline - time.monotonic(), 0.001) / peers_left
                    call = line.method(rpc.method)(request, timeout=share, metadata=observation.attempt(line.endpoint))
                    with line.pulse.awaiting(call):
                        return await call
            except (grpc.aio.AioRpcError, Silence) as error:
                failure = cast("RpcFailure", error)
                pause = self._pause_after(rpc, failure, line, attempt, len(lines))
                if pause is None or time.monotonic() + pause >= deadline:
                    raise _given_up(rpc, failure, unclear, subject) from error
                unclear = failure if rpc is ORDER else None
                observation.repeat(failure.code().name)
                following = lines[attempt % len(lines)].endpoint
                _log.warning("%s: %s does not answer (%s), asking %s in %.1f s (attempt %d)", rpc.doing, line.endpoint,
                             failure.code().name, following, pause, attempt + 1)  # fmt: skip
            finally:
                line.outstanding -= 1
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def _turn(self, rpc: Rpc, line: Line) -> AsyncIterator[float]:
        """The turn at a peer, where the call needs one; the seconds that it waited, which are none of the call's."""
        if not rpc.simulates:
            yield 0.0
            return
        begun = time.monotonic()
        async with turns_at(line.endpoint.address).turn(self._at_once):
            yield time.monotonic() - begun

    def _pause_after(self, rpc: Rpc, failure: RpcFailure, line: Line, attempt: int, peers: int) -> float | None:
        """Seconds until the next attempt; None when there is to be none."""
        if not is_transient(failure, ordering=rpc is ORDER):
            return None
        late = failure.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        if not (late and rpc is COMMIT_STATUS):  # there it says that no block has the transaction yet
            self._peers.turn_from(line)
        if attempt < peers:
            return 0.0
        if late or (rpc is not COMMIT_STATUS and attempt >= self._retries.attempts):
            return None
        return self._retries.pause_after(attempt // peers) if attempt % peers == 0 else 0.0


def _given_up(rpc: Rpc, failure: RpcFailure, unclear: RpcFailure | None, subject: Subject) -> FabricError:
    """The last attempt's error. What an envelope's first taker left open, a later one's refusal does not settle."""
    transient = is_transient(failure, ordering=rpc is ORDER)
    told = failure if transient or unclear is None else unclear
    typed = typed_error(told, doing=rpc.doing, transaction_id=subject.transaction_id)
    if isinstance(typed, LedgerUnavailable):
        typed.repeated = transient or told is unclear
    return typed
