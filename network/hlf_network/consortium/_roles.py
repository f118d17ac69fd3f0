"""Roles of a consortium file in a policy: `bank.peer` becomes the channel's members of that role."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from hlf_chaincode.policies import Role
from hlf_client.errors import InvalidDocument

__all__ = ["expand_roles"]

_QUOTED: Final = re.compile(r"('[^']*')")
_ROLE: Final = re.compile(
    r"(?<![\w'.-])([a-z][a-z0-9-]*)\.(" + "|".join(role.name.lower() for role in Role) + r")(?![\w'.-])"
)


def expand_roles(text: str, msps_by_role: Mapping[str, Sequence[str]]) -> str:
    """`OR(bank.peer)` as `OR('AMSP.peer', 'BMSP.peer')`. Raises `InvalidDocument` for a role that no member has."""

    def members(match: re.Match[str]) -> str:
        role, kind = match.groups()
        msps = msps_by_role.get(role)
        if not msps:
            raise InvalidDocument(f"no member of the channel has the role {role}", field="policy")
        return ", ".join(f"'{msp}.{kind}'" for msp in msps)

    parts = _QUOTED.split(text)
    return "".join(part if part.startswith("'") else _ROLE.sub(members, part) for part in parts)
