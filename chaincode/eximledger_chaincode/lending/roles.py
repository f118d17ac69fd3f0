"""Who may do what: what a member organisation is, and what its officers' certificates say."""

from __future__ import annotations

from typing import Final

from eximledger_chaincode.documents.parts.roles import Role
from hlf_chaincode.creator import Creator

__all__ = ["ROLE_ATTRIBUTE", "Role", "is_checker"]

ROLE_ATTRIBUTE: Final = "exim.role"
"""Attribute with the officer's role: `maker` or `checker`."""


def is_checker(creator: Creator) -> bool:
    """Whether the certificate may override a finding that refers (four-eyes principle)."""
    return creator.attributes.get(ROLE_ATTRIBUTE) == "checker"
