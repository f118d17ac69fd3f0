"""Asking this chaincode on another channel: it reads with the caller's identity and writes nothing.

What is read there is not in this transaction's read set: what was endorsed and held back may be ordered when it has
changed. So approvals and disbursements read the business day as well, and a disbursement judges the case again
(docs/decisions/0019-business-day.md). Channels are asked one way, never back (0017-register-on-the-bank-channel.md).
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Final, TypeVar, cast

from pydantic import TypeAdapter

from eximledger_chaincode.contracts.state.names import CHAINCODE
from eximledger_chaincode.documents import Value
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import from_message

__all__ = ["ask"]

ResultT = TypeVar("ResultT")

_KEPT_BYTES: Final = 32 << 10
"""Of a parsed answer that is kept."""
_KEPT: Final = 512
"""Answers: two for each of some two hundred loans that are at work at one time, as at SAFE's peers."""


@lru_cache(maxsize=64)
def _adapter(result: Hashable) -> TypeAdapter[object]:
    return TypeAdapter(cast("type[object]", result))


async def ask(context: Context, result: type[ResultT], channel: str, function: str, *arguments: object) -> ResultT:
    """The typed answer of a query on another channel; its error, with the type it had there."""
    encoded = [each.encode() if isinstance(each, str) else canonical_json(each) for each in arguments]
    response = await context.stub.invoke_chaincode(CHAINCODE, [function.encode(), *encoded], channel)
    if not 200 <= response.status < 400:
        raise from_message(response.status, response.message)
    return cast("ResultT", _answer(cast("Hashable", result), response.payload))


def _answer(result: Hashable, data: bytes) -> object:
    """A value that nobody changes may be one that was parsed a short while ago: a case is read at every step."""
    is_kept = isinstance(result, type) and issubclass(result, Value) and len(data) <= _KEPT_BYTES
    return _kept(result, data) if is_kept else _adapter(result).validate_json(data)


@lru_cache(maxsize=_KEPT)
def _kept(result: Hashable, data: bytes) -> object:
    return _adapter(result).validate_json(data)
