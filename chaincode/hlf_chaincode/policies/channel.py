"""What a channel's config asks for: a signature policy, or so many of the members' own policies of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.policies.endorsement import EndorsementPolicy

__all__ = ["ChannelPolicy", "ImplicitMeta", "Share", "parse_channel_policy"]

_IMPLICIT: Final = re.compile(r"(ANY|ALL|MAJORITY) ([A-Z][A-Za-z]*)")


class Share(IntEnum):
    """ImplicitMetaPolicy.Rule of Fabric's common/policies.proto."""

    ANY = 0
    ALL = 1
    MAJORITY = 2


@dataclass(frozen=True, slots=True)
class ImplicitMeta:
    """So many of the groups below satisfy their own policy of that name: `MAJORITY Admins`."""

    share: Share
    name: str

    def __str__(self) -> str:
        return f"{self.share.name} {self.name}"


ChannelPolicy: TypeAlias = ImplicitMeta | EndorsementPolicy


def parse_channel_policy(text: str) -> ChannelPolicy:
    """From `MAJORITY Admins`, or the text of a signature policy. Raises `InvalidDocument`."""
    match = _IMPLICIT.fullmatch(text)
    if match is not None:
        return ImplicitMeta(Share[match[1]], match[2])
    try:
        return EndorsementPolicy.parse(text)
    except InvalidDocument as error:
        words = f"channel policy: {error.reason}, or ANY, ALL or MAJORITY and a policy's name"
        raise InvalidDocument(words, field="policy", reason=error.reason) from None
