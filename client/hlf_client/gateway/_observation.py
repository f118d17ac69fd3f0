"""What is watched of a call, and how: the seam between the calls and whoever records them."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias

from hlf_client.wire.endpoint import Endpoint

__all__ = ["Metadata", "Observation", "Subject"]

Metadata: TypeAlias = "tuple[tuple[str, str], ...] | None"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a call is about, as far as others may know."""

    channel: str
    chaincode: str = ""
    function: str = ""
    transaction_id: str = ""

    def attributes(self) -> dict[str, str]:
        named = {
            "fabric.channel": self.channel,
            "fabric.chaincode": self.chaincode,
            "fabric.function": self.function,
            "fabric.transaction_id": self.transaction_id,
        }
        return {name: value for name, value in named.items() if value}


class Observation:
    """Watches one call. This one looks away."""

    __slots__ = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        return None

    def attempt(self, endpoint: Endpoint) -> Metadata:
        """A peer is asked. What it is to be sent beside the request."""
        return None

    def repeat(self, code: str) -> None:
        """A peer did not answer, and the call is made again."""
