"""What a peer says when it refuses a request, as an error of ours."""

from __future__ import annotations

import re
from typing import Final

from hlf_chaincode.errors import FabricError, NotAuthorized, NotFound, NotSupported

__all__ = ["refusal"]

_PREAMBLE: Final = re.compile(r"^[A-Z_]+ failed: transaction ID: [^:]*: ")
_KINDS: Final[tuple[tuple[re.Pattern[str], type[FabricError]], ...]] = (
    (re.compile(r"access permission|access denied|permission denied|not authorized", re.I), NotAuthorized),
    (re.compile(r"not supported for leveldb", re.I), NotSupported),
    (re.compile(r"collection.*(not (be )?(found|defined)|does not exist)|no such collection", re.I), NotFound),
)
_LONGEST: Final = 500


def refusal(payload: bytes) -> FabricError:
    """The typed error of an ERROR message; peers (2.5, 3.1) send a sentence of plain text and no code."""
    words = _PREAMBLE.sub("", payload[: 8 * _LONGEST].decode(errors="replace"))[:_LONGEST]
    error = next((kind for pattern, kind in _KINDS if pattern.search(words)), FabricError)
    return error(f"the peer refuses: {words}" if words else "the peer refuses without a word")
