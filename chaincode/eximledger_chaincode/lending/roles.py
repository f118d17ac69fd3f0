"""Who may do what: what a member organisation is, and what its officers' certificates say."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from hlf_chaincode.creator import Creator

__all__ = ["ROLE_ATTRIBUTE", "Role", "is_checker"]

ROLE_ATTRIBUTE: Final = "exim.role"
"""Attribute with the officer's role: `maker` or `checker`."""


class Role(StrEnum):
    """What a member organisation is; ledger state, set by `consortium:configure`."""

    CUSTOMS = "customs"
    FX_BUREAU = "fx-bureau"
    BANK = "bank"


def is_checker(creator: Creator) -> bool:
    """Whether the certificate may override a finding that refers (four-eyes principle)."""
    return creator.attributes.get(ROLE_ATTRIBUTE) == "checker"
