"""Whose peers a transaction is shown to: those who have what it reads, and nobody else.

A gateway that is left to choose asks its own peer first, and any peer that the chaincode's policy names: each of them
sees the transient map.
"""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.contracts.state.members import Member
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX
from eximledger_chaincode.lending.roles import Role
from hlf_client.errors import NotFound

__all__ = ["endorsers_of"]

_OF_SAFE = frozenset({"register:match", "register:rotate", "register:retire"})
"""Functions on the bank channel that need what SAFE's peers alone have."""
_OF_SAFE_AND_A_BANK = frozenset({"register:rekey", "calendar:open"})
"""Functions of SAFE that change what the chaincode's policy guards."""


def endorsers_of(channel: str, function: str, own: str, members: Sequence[Member]) -> list[str]:
    """MSP ids of the organisations that endorse. Raises `NotFound` where the consortium has nobody of a role."""
    if channel == CUSTOMS:
        return [_first(members, Role.CUSTOMS)]
    bureau = _first(members, Role.FX_BUREAU)
    if channel == FX or function in _OF_SAFE:
        return [bureau]
    if channel == BANK and function in _OF_SAFE_AND_A_BANK:
        return [bureau, _first(members, Role.BANK)]
    return [own, bureau] if own != bureau else [bureau, _first(members, Role.BANK)]


def _first(members: Sequence[Member], role: Role) -> str:
    found = sorted(member.msp_id for member in members if member.role is role)
    if not found:
        raise NotFound(f"the consortium has no member of role {role}")
    return found[0]
