"""What generated clients stand on: arguments written and results read by their types, over any `Ledger`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar, cast

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import to_json

from hlf_client.errors import InvalidDocument
from hlf_client.ledger import Ledger
from hlf_client.private import submit_private

__all__ = ["Calls", "Done", "Model", "decoder"]

ResultT = TypeVar("ResultT")
Decoder: TypeAlias = Callable[[bytes], ResultT]

_RAW: Final = (str, bytes)
"""Travel as they are: Fabric's contract APIs take text without quotes."""


class Model(BaseModel):
    """A component of a chaincode's metadata. What a later version of the chaincode adds is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


@dataclass(frozen=True, slots=True)
class Done(Generic[ResultT]):
    """A transaction that is valid and durable, with the function's result."""

    transaction_id: str
    block_number: int
    result: ResultT


def decoder(kind: object, *, text: bool = False) -> Decoder[ResultT]:
    """Reads a result of a type, as the variable that it is put into declares it. `text` says that it may come without
    JSON's quotes, as other languages' APIs write it.

    What it makes raises `InvalidDocument` for a result that does not fit: the chaincode is another version.
    """
    adapter: TypeAdapter[ResultT] = TypeAdapter(cast("type[ResultT]", kind))

    def read(data: bytes) -> ResultT:
        try:
            return adapter.validate_json(data or b"null")
        except ValidationError as error:
            if text:
                try:
                    return adapter.validate_python(data.decode())
                except (ValidationError, UnicodeDecodeError):
                    pass
            problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(map(str, ("result", *problem["loc"])))
            raise InvalidDocument(f"{where}: {problem['msg']}", field=where, reason=problem["msg"]) from None

    return read


class Calls:
    """Calls the functions of one chaincode on one channel. An argument that is None at the end is left out."""

    def __init__(self, ledger: Ledger, channel: str) -> None:
        self._ledger, self._channel = ledger, channel

    async def ask(
        self,
        function: str,
        arguments: Sequence[object],
        read: Decoder[ResultT],
        *,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> ResultT:
        """Evaluate."""
        answer = await self._ledger.evaluate(
            self._channel,
            function,
            *_encoded(arguments),
            transient=transient,
            endorsing_organizations=endorsing_organizations,
        )
        return read(answer)

    async def take(
        self,
        function: str,
        arguments: Sequence[object],
        read: Decoder[ResultT],
        *,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Done[ResultT]:
        """Submit."""
        commit = await self._ledger.submit(
            self._channel,
            function,
            *_encoded(arguments),
            transient=transient,
            endorsing_organizations=endorsing_organizations,
        )
        return Done(commit.transaction_id, commit.block_number, read(commit.result))

    async def take_private(
        self,
        function: str,
        arguments: Sequence[object],
        read: Decoder[ResultT],
        *,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Done[ResultT]:
        """Submit a private function: its arguments and result can be read in no block."""
        commit = await submit_private(
            self._ledger,
            self._channel,
            function,
            *_encoded(arguments),
            endorsing_organizations=endorsing_organizations,
        )
        return Done(commit.transaction_id, commit.block_number, read(commit.result))


def _encoded(arguments: Sequence[object]) -> list[str | bytes]:
    given = list(arguments)
    while given and given[-1] is None:
        given.pop()
    if None in given:
        place = given.index(None) + 1
        raise InvalidDocument(
            f"argument {place} is left out, and one after it is given", field="arguments", reason="left out"
        )
    return [each if isinstance(each, _RAW) else to_json(each, by_alias=True, exclude_none=True) for each in given]
