"""The default consortium with a third bank that is a member of everything and has business with nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from tests.trust.visibility.planted.planting import GUEST, MSP

from eximledger.consortium import DEFAULT_CONSORTIUM
from hlf_client.embedded.definition import (
    ChaincodeDefinition,
    ChannelDefinition,
    Collection,
    ConsortiumDefinition,
    InitialCall,
)

__all__ = ["GUESTS"]

_LIKE: Final = "tradebank"
"""The guest has what this bank has."""
_OLD, _NEW = MSP[_LIKE], MSP[GUEST]


def _with_guest(definition: ConsortiumDefinition) -> ConsortiumDefinition:
    host = definition.organization(_LIKE)
    guest = host.model_copy(update={"name": GUEST, "msp_id": _NEW, "title": "A bank that looks on"})
    return definition.model_copy(
        update={
            "organizations": (*definition.organizations, guest),
            "channels": tuple(_channel(each) for each in definition.channels),
        }
    )


def _channel(channel: ChannelDefinition) -> ChannelDefinition:
    if _LIKE not in channel.members:
        return channel
    return channel.model_copy(
        update={
            "members": (*channel.members, GUEST),
            "chaincodes": tuple(_chaincode(each) for each in channel.chaincodes),
            "initial": tuple(_call(each) for each in channel.initial),
        }
    )


def _chaincode(chaincode: ChaincodeDefinition) -> ChaincodeDefinition:
    collections = tuple(found for each in chaincode.collections for found in _collections(each))
    return chaincode.model_copy(update={"policy": _policy(chaincode.policy), "collections": collections})


def _collections(collection: Collection) -> Iterator[Collection]:
    """A collection of that bank's once more for the guest; one of all banks with the guest in it."""
    if _OLD in collection.name:
        yield collection
        named = {
            "name": collection.name.replace(_OLD, _NEW), "policy": collection.policy.replace(_OLD, _NEW),
            "members": tuple(_NEW if each == _OLD else each for each in collection.members),
        }  # fmt: skip
        yield collection.model_copy(update=named)
    else:
        members = (*collection.members, _NEW) if _OLD in collection.members else collection.members
        yield collection.model_copy(update={"members": members, "policy": _policy(collection.policy)})


def _policy(policy: str) -> str:
    """Wherever that bank's peer may sign, the guest's may."""
    return policy.replace(f"'{_OLD}.peer'", f"'{_OLD}.peer', '{_NEW}.peer'")


def _call(call: InitialCall) -> InitialCall:
    """The members are told of the guest."""
    arguments = []
    for text in call.arguments:
        value = json.loads(text)
        if isinstance(value, list):
            value += [{**each, "msp_id": _NEW, "name": GUEST} for each in value if each.get("msp_id") == _OLD]
        arguments.append(json.dumps(value, ensure_ascii=False))
    return call.model_copy(update={"arguments": tuple(arguments)})


GUESTS: Final = _with_guest(DEFAULT_CONSORTIUM)
"""Three banks, SAFE and customs."""
