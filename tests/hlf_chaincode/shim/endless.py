"""A chaincode that computes without end on demand, and one whose answer is its file's."""

from __future__ import annotations

import threading
from typing import ClassVar

from hlf_chaincode.contract import Chaincode, Context, Contract, query


class EndlessContract(Contract):
    name: ClassVar[str] = "endless"

    @query
    async def spin(self, context: Context) -> None:
        while True:
            pass

    @query
    async def stubborn(self, context: Context) -> None:
        """Catches whatever it can."""
        while True:
            try:
                while True:
                    pass
            except Exception:
                continue

    @query
    async def wait(self, context: Context) -> None:
        """Holds the thread and uses no CPU."""
        threading.Event().wait()

    @query
    async def well(self, context: Context) -> str:
        return "well"


def endless() -> Chaincode:
    return Chaincode("endless", [EndlessContract()])


def nothing() -> str:
    return "no chaincode"
