"""Contracts: classes whose async methods are a chaincode's functions, and the chaincode that routes calls to them.

    class Ledger(Contract):
        name = "ledger"

        @transaction
        async def put(self, context: Context, id: str, amount: Money) -> Entry: ...

Arguments and results are what a client in any language can write: a parameter annotated `str` (constrained or not)
takes the raw UTF-8 text, every other one JSON that pydantic validates; a result goes out as canonical JSON. A class is
checked when it is defined: a broken rule is an error that names it, never a surprise on a peer.
"""

from __future__ import annotations

import inspect
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import (
    Annotated,
    ClassVar,
    Final,
    Generic,
    TypeAlias,
    TypeVar,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from pydantic import TypeAdapter, ValidationError

from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.creator import Creator, creator_of
from hlf_chaincode.errors import FabricError, InvalidDocument
from hlf_chaincode.json_size import require_sane_size
from hlf_chaincode.metadata import FunctionMetadata, ParameterMetadata, chaincode_metadata, inexact_part
from hlf_chaincode.peer import Response
from hlf_chaincode.private_call import ANSWER, derived, private_arguments, sealed
from hlf_chaincode.stub import LedgerStub

__all__ = [
    "GET_METADATA",
    "MAX_JSON_BYTES",
    "MAX_TEXT_BYTES",
    "MAX_TRANSIENT_BYTES",
    "MAX_TRANSIENT_VALUES",
    "Chaincode",
    "Context",
    "Contract",
    "ContractError",
    "Encoded",
    "Function",
    "query",
    "transaction",
    "validated",
]

GET_METADATA: Final = b"org.hyperledger.fabric:GetMetadata"
"""The system function by which Fabric's contract APIs describe a chaincode."""

MAX_TEXT_BYTES: Final = 4096
"""UTF-8 bytes of one text argument."""
MAX_JSON_BYTES: Final = 32 * 1024 * 1024
"""Bytes of one JSON argument."""
MAX_TRANSIENT_BYTES: Final = 32 * 1024 * 1024
"""Bytes of all transient values of a call, names included."""
MAX_TRANSIENT_VALUES: Final = 1000
"""Transient values of a call."""

_log = logging.getLogger("hlf_chaincode")

ValueT = TypeVar("ValueT")
Method: TypeAlias = Callable[..., Awaitable[object]]
MethodT = TypeVar("MethodT", bound=Method)
Decoder: TypeAlias = Callable[[bytes], object]

_TAG: Final = "__exim_tag__"
_PRIVATE: Final = "__exim_private__"


class ContractError(TypeError):
    """A contract class breaks a rule; raised when the class is defined or registered, never by a call."""


class Tag(StrEnum):
    """How a client should call a function, in the contract API's words."""

    SUBMIT = "SUBMIT"
    EVALUATE = "EVALUATE"


@dataclass(frozen=True, slots=True)
class Encoded(Generic[ValueT]):
    """JSON of a value that is not decoded here.

    As a result: canonical JSON of the value, as the ledger keeps it, sent out without being parsed and dumped again.
    As a parameter: JSON that the function validates itself, because its type hangs on another argument.
    """

    data: bytes


@dataclass(frozen=True, slots=True)
class Context:
    """What a contract function knows of its transaction."""

    stub: LedgerStub
    creator: Creator

    @property
    def timestamp(self) -> datetime:
        """Time of the proposal, UTC: the only clock there is."""
        return self.stub.timestamp

    @property
    def channel(self) -> str:
        return self.stub.channel

    @property
    def transaction_id(self) -> str:
        return self.stub.transaction.id

    def derived(self, label: str) -> bytes:
        """32 bytes for a label, from the seed of a private call: random for who has not seen its transient map, the
        same on every endorsing peer. Raises `InvalidDocument` without a seed."""
        return derived(self.stub.transient, label)

    def set_event(self, name: str, payload: Mapping[str, object]) -> None:
        """Set the transaction's one event; the payload travels as canonical JSON and is seen by every member."""
        self.stub.set_event(name, canonical_json(payload))


@overload
def transaction(method: MethodT) -> MethodT: ...
@overload
def transaction(*, private: bool) -> Callable[[MethodT], MethodT]: ...
def transaction(method: MethodT | None = None, *, private: bool = False) -> MethodT | Callable[[MethodT], MethodT]:
    """Mark an async method that changes the ledger: clients submit it. A private one takes its arguments by transient
    and seals its result (`hlf_chaincode.private_call`): neither can be read in the block."""
    if method is not None:
        return _tagged(method, Tag.SUBMIT)

    def mark(marked: MethodT) -> MethodT:
        setattr(marked, _PRIVATE, private)
        return _tagged(marked, Tag.SUBMIT)

    return mark


def query(method: MethodT) -> MethodT:
    """Mark an async method that only reads: clients evaluate it. A hint, as on Fabric: its writes are thrown away."""
    return _tagged(method, Tag.EVALUATE)


def _tagged(method: MethodT, tag: Tag) -> MethodT:
    declared: object = method
    if not inspect.iscoroutinefunction(declared):
        raise ContractError(f"{method.__qualname__}: a contract function is async (rule: async)")
    setattr(method, _TAG, tag)
    return method


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter after the context: `decode` turns its bytes into its value or raises `InvalidDocument`."""

    name: str
    decode: Decoder
    required: bool
    metadata: ParameterMetadata


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a contract as it was declared."""

    name: str
    tag: Tag
    method: Method
    parameters: tuple[Parameter, ...]
    metadata: FunctionMetadata
    private: bool = False

    @property
    def required(self) -> int:
        """How many arguments a call must bring at least."""
        return sum(parameter.required for parameter in self.parameters)

    def decode(self, arguments: Sequence[bytes]) -> list[object]:
        """The values of the arguments; raises `InvalidDocument` naming the first wrong one."""
        if not self.required <= len(arguments) <= len(self.parameters):
            names = ", ".join(parameter.name for parameter in self.parameters) or "none"
            raise InvalidDocument(
                f"{self.name} takes {len(self.parameters)} arguments ({names}), not {len(arguments)}",
                field="arguments",
                reason="wrong number of arguments",
            )
        return [parameter.decode(data) for parameter, data in zip(self.parameters, arguments, strict=False)]


class Contract:
    """A named group of functions. Subclasses set `name` and mark methods with `@transaction` or `@query`.

    Rules, checked when the class is defined: a name of letters, digits, `_`, `-` or `.`; functions are async; the first
    parameter is the `Context`; every other parameter and the result are annotated; no keyword-only or variable
    parameters; no float and no untyped part in any type, for two peers may print a float differently.
    """

    name: ClassVar[str]
    functions: ClassVar[Mapping[str, Function]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        name = cls.__dict__.get("name")
        if not isinstance(name, str) or not name.replace("_", "").replace("-", "").replace(".", "").isalnum():
            raise ContractError(f"{cls.__qualname__}: a contract has a name without spaces or colons (rule: name)")
        cls.functions = {
            attribute: _function(cls, attribute, method)
            for attribute, method in vars(cls).items()
            if hasattr(method, _TAG)
        }
        if not cls.functions:
            raise ContractError(f"{cls.__qualname__}: a contract has at least one function (rule: functions)")


def _function(cls: type[Contract], name: str, method: Method) -> Function:
    where = f"{cls.__qualname__}.{name}"
    hints = get_type_hints(method, include_extras=True)
    _self, *declared = inspect.signature(method).parameters.values()
    if not declared or hints.get(declared[0].name) is not Context:
        raise ContractError(f"{where}: the first parameter is annotated Context (rule: context)")
    if "return" not in hints:
        raise ContractError(f"{where}: the result is annotated (rule: annotated)")
    parameters = tuple(_parameter(where, parameter, hints) for parameter in declared[1:])
    returns = _exact(f"{where}: the result", hints["return"])
    tag: Tag = getattr(method, _TAG)
    private: bool = getattr(method, _PRIVATE, False)
    metadata = FunctionMetadata(name, tag.value, tuple(each.metadata for each in parameters), returns, private)
    return Function(name, tag, method, parameters, metadata, private)


def _parameter(where: str, parameter: inspect.Parameter, hints: Mapping[str, object]) -> Parameter:
    name = parameter.name
    if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
        raise ContractError(f"{where}: parameter {name} is positional, neither * nor ** (rule: positional)")
    if name not in hints:
        raise ContractError(f"{where}: parameter {name} is annotated (rule: annotated)")
    adapter = _exact(f"{where}: parameter {name}", hints[name])
    required = parameter.default is inspect.Parameter.empty
    decode = _decoder(name, hints[name], adapter)
    return Parameter(name, decode, required, ParameterMetadata(name, adapter, required))


def _exact(where: str, annotation: object) -> TypeAdapter[object]:
    """The validator of a type; refuses one with a float or an untyped part."""
    inner = get_args(annotation)[0] if get_origin(annotation) is Encoded else annotation
    adapter: TypeAdapter[object] = TypeAdapter(cast("type[object]", inner))
    if (part := inexact_part(adapter)) is not None:
        raise ContractError(f"{where} holds a {part}: use Decimal as text, int or a model (rule: exact)")
    return adapter


def _decoder(name: str, annotation: object, adapter: TypeAdapter[object]) -> Decoder:
    if get_origin(annotation) is Encoded:
        return lambda data: Encoded(_json(name, data))
    plain = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    if plain is annotation and plain is str:
        return lambda data: _text(name, data)
    if isinstance(plain, type) and issubclass(plain, str):
        return lambda data: validated(name, lambda: adapter.validate_python(_text(name, data)))
    return lambda data: validated(name, lambda: adapter.validate_json(_json(name, data)))


def _bounded(name: str, data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise InvalidDocument(f"{name}: at most {limit} bytes are taken", field=name, reason="too large")
    return data


def _bounded_transient(transient: Mapping[str, bytes]) -> None:
    """Transient values are bounded as arguments are: a contract parses them, too."""
    size = sum(len(name) + len(value) for name, value in transient.items())
    if size > MAX_TRANSIENT_BYTES or len(transient) > MAX_TRANSIENT_VALUES:
        limits = f"{MAX_TRANSIENT_VALUES} values of {MAX_TRANSIENT_BYTES} bytes in all"
        raise InvalidDocument(f"transient: at most {limits} are taken", field="transient", reason="too large")


def _json(name: str, data: bytes) -> bytes:
    require_sane_size(data, name)
    return _bounded(name, data, MAX_JSON_BYTES)


def _text(name: str, data: bytes) -> str:
    try:
        return _bounded(name, data, MAX_TEXT_BYTES).decode()
    except UnicodeDecodeError:
        raise InvalidDocument(f"{name}: text is UTF-8", field=name, reason="not UTF-8") from None


def validated(name: str, validate: Callable[[], ValueT]) -> ValueT:
    """What `validate` returns; pydantic's complaint becomes `InvalidDocument` with the field's path below `name`."""
    try:
        return validate()
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        field = ".".join(str(part) for part in (name, *problems[0]["loc"]))
        reason = problems[0]["msg"].removeprefix("Value error, ")
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InvalidDocument(f"{field}: {reason}{more}", field=field, reason=reason) from None


@dataclass(frozen=True, slots=True)
class _Route:
    contract: Contract
    function: Function


class Chaincode:
    """Contracts under one name. `invoke` answers one transaction; it holds no state between transactions."""

    def __init__(self, name: str, contracts: Sequence[Contract], *, title: str = "", version: str = "1") -> None:
        self.name = name
        self.contracts: Mapping[str, Contract] = {contract.name: contract for contract in contracts}
        if len(self.contracts) != len(contracts):
            raise ContractError(f"chaincode {name}: two contracts have one name (rule: unique names)")
        self._title, self._version = title or name, version
        self._routes = {
            f"{contract.name}:{function.name}".encode(): _Route(contract, function)
            for contract in contracts
            for function in contract.functions.values()
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
            return _bug(stub, error)

    async def _call(self, stub: LedgerStub) -> bytes:
        arguments = stub.transaction.arguments
        route = self._routes.get(arguments[0]) if arguments else None
        if route is None:
            return self._system(arguments)
        _bounded_transient(stub.transaction.transient)
        function = route.function
        values = function.decode(_hidden(stub, function) if function.private else arguments[1:])
        creator = creator_of(stub.transaction.creator_msp, stub.transaction.creator_certificate)
        creator.require_valid(stub.transaction.timestamp)
        result = _encode(await function.method(route.contract, Context(stub, creator), *values))
        return _sealed(stub, result) if function.private else result

    def _system(self, arguments: Sequence[bytes]) -> bytes:
        if not arguments:
            raise InvalidDocument(
                "a call names its function: contract:function", field="function", reason="no arguments"
            )
        if arguments[0] == GET_METADATA:
            return self.metadata
        name = arguments[0][:80].decode(errors="replace")
        contract = self.contracts.get(name.partition(":")[0])
        known = contract.functions if contract else self.contracts
        raise InvalidDocument(
            f"there is no function {name!r}; there are {', '.join(known)}", field="function", reason="unknown function"
        )


def _hidden(stub: LedgerStub, function: Function) -> Sequence[bytes]:
    """The arguments of a private call; what came openly would stand in the block for ever."""
    if len(stub.transaction.arguments) > 1:
        raise InvalidDocument(
            f"{function.name} is private: its arguments go by transient arg0, arg1, ... alone",
            field="arguments",
            reason="private",
        )
    return private_arguments(stub.transaction.transient)


def _sealed(stub: LedgerStub, result: bytes) -> bytes:
    key = stub.transaction.transient.get(ANSWER)
    return b"" if key is None else sealed(key, stub.transaction.id, result)


def _encode(result: object) -> bytes:
    if isinstance(result, Encoded):
        return cast("Encoded[object]", result).data
    return canonical_json(result)


def _bug(stub: LedgerStub, error: Exception) -> Response:
    """Status 500 with an id that every peer derives alike; where it happened goes to the log, values never do."""
    incident = stub.transaction.id[:16]
    frames = " < ".join(
        f"{f.filename}:{f.lineno} {f.name}" for f in reversed(traceback.extract_tb(error.__traceback__))
    )
    _log.error("incident %s on channel %s: %s at %s", incident, stub.channel, type(error).__name__, frames)
    answer = FabricError(f"the contract failed; tell its operator incident {incident}", incident=incident)
    return Response(500, answer.to_message())
