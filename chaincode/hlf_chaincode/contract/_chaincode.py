"""A chaincode: contracts under one name, and the way of a call to one of their functions."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract._ahead import ReadingAhead
from hlf_chaincode.contract._arguments import require_bounded_transient
from hlf_chaincode.contract._declaring import Context, Contract, ContractError, Encoded, Function
from hlf_chaincode.creator import creator_of
from hlf_chaincode.errors import FabricError, InvalidDocument
from hlf_chaincode.metadata import chaincode_metadata
from hlf_chaincode.peer import Response
from hlf_chaincode.private_call import ANSWER, BRIEF, private_arguments, sealed
from hlf_chaincode.stub import LedgerStub

__all__ = ["GET_METADATA", "Chaincode"]

GET_METADATA: Final = b"org.hyperledger.fabric:GetMetadata"
"""The system function by which Fabric's contract APIs describe a chaincode."""

_log = logging.getLogger("hlf_chaincode")


@dataclass(frozen=True, slots=True)
class _Route:
    contract: Contract
    function: Function


class Chaincode:
    """Contracts under one name. `invoke` answers one transaction; it holds no state between transactions, but for which
    keys queries read that say so (`ReadingAhead`).

    A function is called as `contract:function`, one of the `default` contract (the only one, where it is not named) by
    its own name too. With `debug` a contract's bug is answered with its traceback: for its developer, never in
    production, for a traceback can hold values.
    """

    def __init__(
        self,
        name: str,
        contracts: Sequence[Contract],
        *,
        title: str = "",
        version: str = "1",
        default: str = "",
        debug: bool = False,
    ) -> None:
        _require_instances(name, contracts)
        self.name = name
        self.debug = debug
        self.contracts: Mapping[str, Contract] = {contract.name: contract for contract in contracts}
        if len(self.contracts) != len(contracts):
            raise ContractError(f"chaincode {name}: two contracts have one name (rule: unique names)")
        for contract in contracts:
            if not contract.functions:
                raise ContractError(f"{contract.name}: a contract has at least one function (rule: functions)")
        if default and default not in self.contracts:
            raise ContractError(f"chaincode {name}: there is no contract {default} (rule: default)")
        self.default = default or (contracts[0].name if len(contracts) == 1 else "")
        self._title, self._version = title or name, version
        self._ahead = ReadingAhead()
        self._hints: dict[str, bytes] = {}
        self._routes = {
            f"{contract.name}:{function.name}".encode(): _Route(contract, function)
            for contract in contracts
            for function in contract.functions.values()
        }
        if self.default:
            main = self.contracts[self.default]
            self._routes |= {each.name.encode(): _Route(main, each) for each in main.functions.values()}

    @cached_property
    def functions(self) -> Mapping[bytes, str]:
        """The full name of each function, by what a call may name it."""
        return {called: f"{route.contract.name}:{route.function.name}" for called, route in self._routes.items()} | {
            GET_METADATA: GET_METADATA.decode()
        }

    @cached_property
    def metadata(self) -> bytes:
        """The contract API's metadata of this chaincode, as canonical JSON."""
        described = {
            name: [function.metadata for function in contract.functions.values()]
            for name, contract in self.contracts.items()
        }
        return canonical_json(chaincode_metadata(self._title, self._version, described))

    async def invoke(self, stub: LedgerStub) -> Response:
        """Route, decode, call, encode. Never raises for what a caller sent: an error is a response with its status."""
        try:
            return Response(200, payload=await self._call(stub))
        except FabricError as error:
            return Response(error.status, error.to_message())
        except Exception as error:
            return self._bug(stub, error)

    async def _call(self, stub: LedgerStub) -> bytes:
        arguments = stub.transaction.arguments
        route = self._routes.get(arguments[0]) if arguments else None
        if route is None:
            return await self._other(stub, arguments)
        require_bounded_transient(stub.transaction.transient)
        contract, function = route.contract, route.function
        values = function.decode(_hidden(stub, function) if function.private else arguments[1:])
        context = self._context(stub, arguments[0].decode())
        if function.ahead:
            await stub.read_ahead(self._ahead.of(stub.transaction))
        await contract.before_transaction(context)
        answer = await function.method(contract, context, *values)
        await contract.after_transaction(context, answer)
        if function.ahead:
            self._ahead.remember(stub.transaction, stub.asked)
        return _sealed(stub, function, answer) if function.private else _encode(answer)

    async def _other(self, stub: LedgerStub, arguments: Sequence[bytes]) -> bytes:
        """A call of no function: for metadata, or for a contract's own `unknown_transaction`."""
        if not arguments:
            raise InvalidDocument(
                "a call names its function: contract:function", field="function", reason="no arguments"
            )
        if arguments[0] == GET_METADATA:
            return self.metadata
        name = arguments[0][:80].decode(errors="replace")
        before, colon, _ = name.partition(":")
        contract = self.contracts.get(before if colon else self.default)
        if contract is None:
            raise InvalidDocument(
                f"there is no function {name!r}; there are {', '.join(self.contracts)}",
                field="function",
                reason="unknown function",
            )
        require_bounded_transient(stub.transaction.transient)
        return _encode(await contract.unknown_transaction(self._context(stub, name)))

    def _context(self, stub: LedgerStub, function: str) -> Context:
        """Raises `NotAuthorized` for a certificate that does not hold at the transaction's time."""
        creator = creator_of(stub.transaction.creator_msp, stub.transaction.creator_certificate)
        creator.require_valid(stub.transaction.timestamp)
        return Context(stub, creator, function, self._hints)

    def _bug(self, stub: LedgerStub, error: Exception) -> Response:
        """Status 500 with an id that every peer derives alike; where it happened goes to the log, values never do."""
        incident = stub.transaction.id[:16]
        frames = " < ".join(
            f"{f.filename}:{f.lineno} {f.name}" for f in reversed(traceback.extract_tb(error.__traceback__))
        )
        _log.error("incident %s on channel %s: %s at %s", incident, stub.channel, type(error).__name__, frames)
        words = f"the contract failed; tell its operator incident {incident}"
        if self.debug:
            words = "the contract failed:\n" + "".join(traceback.format_exception(error))
        return Response(500, FabricError(words, incident=incident).to_message())


def _require_instances(chaincode: str, contracts: Sequence[object]) -> None:
    """`[Assets]` for `[Assets()]` would only be noticed at the first call, as a bug."""
    for contract in contracts:
        if not isinstance(contract, Contract):
            wanted = f"{contract.__name__}()" if isinstance(contract, type) else "an instance of a Contract"
            raise ContractError(f"chaincode {chaincode}: {wanted} is wanted, not {contract!r} (rule: instances)")


def _hidden(stub: LedgerStub, function: Function) -> Sequence[bytes]:
    """The arguments of a private call; what came openly would stand in the block for ever."""
    if len(stub.transaction.arguments) > 1:
        raise InvalidDocument(
            f"{function.name} is private: its arguments go by transient arg0, arg1, ... alone",
            field="arguments",
            reason="private",
        )
    return private_arguments(stub.transaction.transient)


def _sealed(stub: LedgerStub, function: Function, answer: object) -> bytes:
    transient = stub.transaction.transient
    key = transient.get(ANSWER)
    if key is None:
        return b""
    told = function.brief(answer) if function.brief is not None and BRIEF in transient else answer
    return sealed(key, stub.transaction.id, _encode(told))


def _encode(result: object) -> bytes:
    if isinstance(result, Encoded):
        return cast("Encoded[object]", result).data
    return canonical_json(result)
