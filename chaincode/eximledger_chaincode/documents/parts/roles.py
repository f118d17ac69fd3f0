"""What a member organisation of the consortium is."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Role"]


class Role(StrEnum):
    """What a member organisation is; ledger state, set by `consortium:configure`."""

    CUSTOMS = "customs"
    FX_BUREAU = "fx-bureau"
    BANK = "bank"
