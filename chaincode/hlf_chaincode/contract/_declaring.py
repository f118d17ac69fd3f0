"""Contract classes: their functions, hooks and names, checked when the class is defined."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import (
    Any,
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

from pydantic import TypeAdapter

from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract._arguments import Decoder, json_bytes, typed_decoder
from hlf_chaincode.creator import Creator
from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.metadata import FunctionMetadata, ParameterMetadata, inexact_part
from hlf_chaincode.private_call import derived
from hlf_chaincode.stub import LedgerStub

__all__ = ["Context", "Contract", "ContractError", "Encoded", "Function", "query", "transaction"]

ValueT = TypeVar("ValueT")
Method: TypeAlias = Callable[..., Awaitable[object]]
MethodT = TypeVar("MethodT", bound=Method)

_TAG: Final = "__hlf_tag__"
_PRIVATE: Final = "__hlf_private__"
_AHEAD: Final = "__hlf_ahead__"
_BRIEF: Final = "__hlf_brief__"
_NAME: Final = "__hlf_name__"


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
    """What a contract function knows of its transaction. `function` is its name as it was called."""

    stub: LedgerStub
    creator: Creator
    function: str = ""
    hints: dict[str, bytes] = field(default_factory=dict)
    """What this process has learnt in other transactions about which keys belong together. Another endorser's may have
    learnt nothing yet: never a value to go on with, and no key is read that is not read without it."""

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
def transaction(
    *, private: bool = False, name: str = "", brief: Callable[[Any], object] | None = None
) -> Callable[[MethodT], MethodT]: ...
def transaction(
    method: MethodT | None = None,
    *,
    private: bool = False,
    name: str = "",
    brief: Callable[[Any], object] | None = None,
) -> MethodT | Callable[[MethodT], MethodT]:
    """Mark an async method that changes the ledger: clients submit it, under `name` where it is given. A private one
    takes its arguments by transient and seals its result (`hlf_chaincode.private_call`): neither can be read in the
    block. `brief` makes of a private one's result the short answer for who asks for that."""
    if brief is not None and not private:
        raise ContractError("a short answer is a private function's (rule: brief)")
    if method is not None:
        return _tagged(method, Tag.SUBMIT)

    def mark(marked: MethodT) -> MethodT:
        setattr(marked, _PRIVATE, private)
        setattr(marked, _BRIEF, brief)
        return _tagged(marked, Tag.SUBMIT, name)

    return mark


@overload
def query(method: MethodT) -> MethodT: ...
@overload
def query(*, name: str = "", ahead: bool = False) -> Callable[[MethodT], MethodT]: ...
def query(
    method: MethodT | None = None, *, name: str = "", ahead: bool = False
) -> MethodT | Callable[[MethodT], MethodT]:
    """Mark an async method that only reads: clients evaluate it. A hint, as on Fabric: its writes are thrown away.
    `ahead`: the keys that it read when it was asked the same last are asked of the peer at once, before it begins."""
    if method is not None:
        return _tagged(method, Tag.EVALUATE)

    def mark(marked: MethodT) -> MethodT:
        setattr(marked, _AHEAD, ahead)
        return _tagged(marked, Tag.EVALUATE, name)

    return mark


def _tagged(method: MethodT, tag: Tag, name: str = "") -> MethodT:
    declared: object = method
    if not inspect.iscoroutinefunction(declared):
        raise ContractError(f"{method.__qualname__}: a contract function is async (rule: async)")
    if name and (":" in name or not name.isprintable() or " " in name):
        raise ContractError(f"{method.__qualname__}: a function's name has no space or colon (rule: name)")
    setattr(method, _TAG, tag)
    setattr(method, _NAME, name)
    return method


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter after the context: `decode` turns its bytes into its value or raises `InvalidDocument`."""

    name: str
    decode: Decoder
    required: bool
    metadata: ParameterMetadata
    shown: str
    """As a caller reads it: `bank=""`."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a contract as it was declared."""

    name: str
    tag: Tag
    method: Method
    parameters: tuple[Parameter, ...]
    metadata: FunctionMetadata
    private: bool = False
    brief: Callable[[Any], object] | None = None
    """Makes the short answer of a private function's result."""
    ahead: bool = False
    """Whether a query's keys are read ahead."""

    @property
    def required(self) -> int:
        """How many arguments a call must bring at least."""
        return sum(parameter.required for parameter in self.parameters)

    def decode(self, arguments: Sequence[bytes]) -> list[object]:
        """The values of the arguments; raises `InvalidDocument` naming the first wrong one."""
        if not self.required <= len(arguments) <= len(self.parameters):
            raise InvalidDocument(
                f"{self.name} takes {self._taken()}, not {len(arguments)}",
                field="arguments",
                reason="wrong number of arguments",
            )
        return [parameter.decode(data) for parameter, data in zip(self.parameters, arguments, strict=False)]

    def _taken(self) -> str:
        most = len(self.parameters)
        if not most:
            return "no arguments"
        count = str(most) if self.required == most else f"{self.required} to {most}"
        return f"{count} argument{'s' * (most > 1)} ({', '.join(each.shown for each in self.parameters)})"


class Contract:
    """A named group of functions. Subclasses mark methods with `@transaction` or `@query`.

    A contract is called by its `name`: its own, one inherited, else that of its class. It has the functions of the
    classes that it inherits from; what overrides one is marked again, and None takes one away.

    Rules, checked when the class is defined: a name of letters, digits, `_`, `-` or `.`; functions are async; the first
    parameter is the `Context`; every other parameter and the result are annotated; no keyword-only or variable
    parameters; no float and no untyped part in any type, for two peers may print a float differently.
    """

    name: ClassVar[str]
    functions: ClassVar[Mapping[str, Function]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        given = [vars(each)["name"] for each in cls.__mro__ if "name" in vars(each) and not vars(each).get(_NAME)]
        name = given[0] if given else cls.__name__
        if not isinstance(name, str) or not name.replace("_", "").replace("-", "").replace(".", "").isalnum():
            raise ContractError(f"{cls.__qualname__}: a contract has a name without spaces or colons (rule: name)")
        cls.name = name
        setattr(cls, _NAME, not given)  # the class's own name is not handed on
        cls.functions = _functions(cls)

    async def before_transaction(self, context: Context) -> None:
        """Called before each function, once its arguments are good. What it raises is the call's answer."""

    async def after_transaction(self, context: Context, result: object) -> None:
        """Called with what a function has returned. What it raises is the call's answer."""

    async def unknown_transaction(self, context: Context) -> object:
        """Called for a function that the contract does not have; its arguments are the stub's."""
        known = ", ".join(self.functions)
        raise InvalidDocument(
            f"there is no function {context.function!r}; there are {known}", field="function", reason="unknown function"
        )


def _functions(cls: type[Contract]) -> dict[str, Function]:
    """The functions of a class and of those it inherits from, those declared first first."""
    declared: dict[str, Method] = {}
    for each in reversed(cls.__mro__):
        for attribute, value in vars(each).items():
            if hasattr(value, _TAG):
                declared[attribute] = value
            elif attribute in declared:
                if value is not None:
                    where = f"{each.__qualname__}.{attribute}"
                    raise ContractError(f"{where}: what overrides a function is marked as one again (rule: override)")
                del declared[attribute]
    found: dict[str, Function] = {}
    for attribute, method in declared.items():
        function = _function(cls, attribute, method)
        if function.name in found:
            raise ContractError(f"{cls.__qualname__}: two functions are named {function.name} (rule: unique names)")
        found[function.name] = function
    return found


def _function(cls: type[Contract], attribute: str, method: Method) -> Function:
    where = f"{cls.__qualname__}.{attribute}"
    hints = get_type_hints(method, include_extras=True)
    _self, *declared = inspect.signature(method).parameters.values()
    if not declared or hints.get(declared[0].name) is not Context:
        raise ContractError(f"{where}: the first parameter is annotated Context (rule: context)")
    if "return" not in hints:
        raise ContractError(f"{where}: the result is annotated (rule: annotated)")
    private: bool = getattr(method, _PRIVATE, False)
    parameters = tuple(_parameter(where, parameter, hints, private=private) for parameter in declared[1:])
    returns = _exact(f"{where}: the result", hints["return"])
    tag: Tag = getattr(method, _TAG)
    name: str = getattr(method, _NAME) or attribute
    metadata = FunctionMetadata(name, tag.value, tuple(each.metadata for each in parameters), returns, private)
    ahead: bool = getattr(method, _AHEAD, False)
    brief: Callable[[Any], object] | None = getattr(method, _BRIEF, None)
    return Function(name, tag, method, parameters, metadata, private=private, brief=brief, ahead=ahead)


def _parameter(where: str, parameter: inspect.Parameter, hints: Mapping[str, object], *, private: bool) -> Parameter:
    name = parameter.name
    if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
        raise ContractError(f"{where}: parameter {name} is positional, neither * nor ** (rule: positional)")
    if name not in hints:
        raise ContractError(f"{where}: parameter {name} is annotated (rule: annotated)")
    adapter = _exact(f"{where}: parameter {name}", hints[name])
    required = parameter.default is inspect.Parameter.empty
    decode = _decoder(name, hints[name], adapter, quoting=not private)
    shown = name if required else f"{name}={_default(parameter.default)}"
    return Parameter(name, decode, required, ParameterMetadata(name, adapter, required), shown)


def _default(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _exact(where: str, annotation: object) -> TypeAdapter[object]:
    """The validator of a type; refuses one with a float or an untyped part."""
    inner = get_args(annotation)[0] if get_origin(annotation) is Encoded else annotation
    adapter: TypeAdapter[object] = TypeAdapter(cast("type[object]", inner))
    if (part := inexact_part(adapter)) is not None:
        raise ContractError(f"{where} holds a {part}: use Decimal as text, int or a model (rule: exact)")
    return adapter


def _decoder(name: str, annotation: object, adapter: TypeAdapter[object], *, quoting: bool) -> Decoder:
    if get_origin(annotation) is Encoded:
        return lambda data: Encoded(json_bytes(name, data))
    return typed_decoder(name, annotation, adapter, quoting=quoting)
