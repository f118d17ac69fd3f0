"""Several banks have a loan of one name, and the address says none of them."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.errors import EximError

__all__ = ["ManyBanks"]


class ManyBanks(EximError):
    """Which loan is meant is not said; `banks` have one of that name."""

    status = 404

    def __init__(self, message: str, banks: Sequence[str]) -> None:
        super().__init__(message)
        self.banks = tuple(banks)
