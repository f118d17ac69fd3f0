"""Contracts at work in this process, each known by a name that its owner gives it."""

from __future__ import annotations

from typing import Generic, TypeVar

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.limits import Limits
from hlf_chaincode.peer import Response
from hlf_chaincode.protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from hlf_chaincode.shim.stream.answers import Answer, Step, ended, step_of
from hlf_chaincode.shim.stream.conversation import Conversation
from hlf_chaincode.shim.stream.peer import Abilities
from hlf_chaincode.shim.stream.proposal import transaction_of
from hlf_chaincode.shim.stream.refusal import refusal
from hlf_chaincode.shim.stream.watchdog import Watchdog

__all__ = ["Work"]

NameT = TypeVar("NameT")


class Work(Generic[NameT]):
    """Each call is one turn of one contract. A turn always comes to a step, unless the transaction is not at work."""

    def __init__(self, chaincode: Chaincode, limits: Limits, watchdog: Watchdog) -> None:
        self._chaincode = chaincode
        self._limits = limits
        self._watchdog = watchdog
        self._at_work: dict[NameT, Conversation] = {}

    def begin(self, name: NameT, message: ChaincodeMessage, abilities: Abilities) -> Step:
        """A TRANSACTION of a peer with these abilities."""
        try:
            transaction = transaction_of(message)
        except InvalidDocument as error:
            return ended((message.channel_id, message.txid), Answer(Response(error.status, error.to_message())))
        conversation = Conversation(self._chaincode, transaction, abilities, self._limits, self._watchdog)
        self._at_work[name] = conversation
        return self._done(name, step_of(conversation.key, conversation.start()))

    def go_on(self, name: NameT, payload: bytes, *, refused: bool) -> Step | None:
        """The peer's answer to the last request, or its refusal."""
        conversation = self._at_work.get(name)
        if conversation is None:
            return None
        turn = conversation.refuse(refusal(payload)) if refused else conversation.reply(payload)
        return self._done(name, step_of(conversation.key, turn))

    def abort(self, name: NameT) -> None:
        """End the contract where it stands; nothing is answered."""
        conversation = self._at_work.pop(name, None)
        if conversation is not None:
            conversation.abort()

    def _done(self, name: NameT, step: Step) -> Step:
        if step.status is not None:
            del self._at_work[name]
        return step
