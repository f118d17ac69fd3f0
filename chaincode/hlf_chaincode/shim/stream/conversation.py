"""One transaction: a contract's coroutine that goes on with each answer of the peer. No I/O and no event loop."""

from __future__ import annotations

import logging
import sys
from collections.abc import Coroutine

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.errors import FabricError, InvalidDocument
from hlf_chaincode.limits import Limits
from hlf_chaincode.peer import Response, Transaction
from hlf_chaincode.shim.stream.answers import TIMED_OUT, Answer, Key
from hlf_chaincode.shim.stream.peer import Abilities, WirePeer
from hlf_chaincode.shim.stream.request import Request
from hlf_chaincode.shim.stream.watchdog import Overrun, Watchdog
from hlf_chaincode.stub import LedgerStub

__all__ = ["Conversation"]

_log = logging.getLogger("hlf_chaincode")


class Conversation:
    """A contract at work on one transaction. `start`, then `reply` or `refuse` for each request that comes out."""

    __slots__ = ("_debug", "_limits", "_peer", "_stub", "_watchdog", "_work", "transaction")

    def __init__(
        self, chaincode: Chaincode, transaction: Transaction, abilities: Abilities, limits: Limits, watchdog: Watchdog
    ) -> None:
        self.transaction = transaction
        self._debug = chaincode.debug
        self._limits = limits
        self._watchdog = watchdog
        self._peer = WirePeer(abilities, limits)
        self._stub = LedgerStub(transaction, self._peer)
        self._work: Coroutine[object, bytes | None, Response] = self._run(chaincode)

    @property
    def key(self) -> Key:
        return self.transaction.channel, self.transaction.id

    def start(self) -> Request | Answer:
        return self._turn(None, None)

    def reply(self, payload: bytes) -> Request | Answer:
        """The peer's answer to the last request."""
        return self._turn(payload, None)

    def refuse(self, error: FabricError) -> Request | Answer:
        """The peer's refusal of the last request; the contract may still go on."""
        return self._turn(None, error)

    def abort(self) -> None:
        """The peer has gone or wants no answer any more: the contract ends where it stands, what it opened is left."""
        self._peer.end()
        try:
            self._work.close()
        except Exception as error:  # a contract that answers its own end with an error
            _log.debug("a contract ended with %s when it was closed", type(error).__name__)

    async def _run(self, chaincode: Chaincode) -> Response:
        response = await chaincode.invoke(self._stub)
        if not _is_result(response):
            return response
        if len(response.payload) > self._limits.result_bytes:
            return _error_response(
                InvalidDocument(
                    f"the result has more than {self._limits.result_bytes} bytes: ask for less at once",
                    field="result",
                    reason="too large",
                )
            )
        try:
            await self._peer.flush()
        except FabricError as error:
            return _error_response(error)
        return response

    def _turn(self, payload: bytes | None, error: FabricError | None) -> Request | Answer:
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(None, self._peer.abandon)
        watchdog = self._watchdog
        watchdog.begin()
        try:
            request = self._work.send(payload) if error is None else self._work.throw(error)
            watchdog.end()
        except StopIteration as end:
            watchdog.end()
            self._peer.end()
            return self._answer(end.value)
        except Overrun:
            self.abort()
            return self._late(f"the contract computed for longer than {self._limits.turn_seconds:g} s at a stretch")
        except Exception as failure:  # neither the contract's nor the caller's: this must not end the stream
            return self._broken(f"the contract ended with {type(failure).__name__}")
        finally:
            watchdog.end()
            sys.set_asyncgen_hooks(*hooks)
        if isinstance(request, Request):
            return request
        self.abort()
        return self._broken("the contract awaited something that is not the ledger")

    def _answer(self, response: Response) -> Answer:
        return Answer(response, self._stub.event if _is_result(response) else None)

    def _late(self, what: str) -> Answer:
        _log.warning("%s: transaction %s on channel %s", what, self.transaction.id[:16], self.transaction.channel)
        return Answer(Response(TIMED_OUT, FabricError(f"{what}: ask for less at once").to_message()))

    def _broken(self, what: str) -> Answer:
        self._peer.end()
        incident = self.transaction.id[:16]
        _log.error("incident %s on channel %s: %s", incident, self.transaction.channel, what)
        words = what if self._debug else f"the contract failed; tell its operator incident {incident}"
        error = FabricError(words, incident=incident)
        return Answer(_error_response(error))


def _is_result(response: Response) -> bool:
    return 200 <= response.status < 400


def _error_response(error: FabricError) -> Response:
    return Response(error.status, error.to_message())
