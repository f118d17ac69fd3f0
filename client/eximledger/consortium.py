"""The default consortium: two banks, SAFE and customs, on three channels. Who may write what is design.md's table.

The same members, channels, policies and collections as the default of `eximledger network`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from eximledger_chaincode import CHAINCODE
from eximledger_chaincode.contracts.state.names import MATCHING, papers_of, shared_with
from eximledger_chaincode.lending.roles import ROLE_ATTRIBUTE
from hlf_client.embedded.definition import (
    ChaincodeDefinition,
    ChannelDefinition,
    Collection,
    ConsortiumDefinition,
    HostedConsortium,
    InitialCall,
    Organization,
    User,
)
from hlf_client.identity import NodeRole

if TYPE_CHECKING:
    from hlf_chaincode.contract import Chaincode

__all__ = ["CHAINCODE", "DEFAULT_CONSORTIUM", "EXIM"]

_SAFE: Final = "SafeMSP"
_CUSTOMS: Final = "CustomsMSP"

_ADMIN: Final = User(name="admin", role=NodeRole.ADMIN)
_BANK_USERS: Final = (
    User(name="maker", attributes={ROLE_ATTRIBUTE: "maker"}),
    User(name="checker", attributes={ROLE_ATTRIBUTE: "checker"}),
    User(name="risk", attributes={ROLE_ATTRIBUTE: "policy"}),
    _ADMIN,
)
_AUTHORITY_USERS: Final = (User(name="officer"), _ADMIN)

ORGANIZATIONS: Final = (
    Organization(
        name="eximbank", msp_id="EximbankMSP", title="Export-Import Bank of China, Guizhou Branch", role="bank",
        users=_BANK_USERS,
    ),
    Organization(
        name="tradebank", msp_id="TradebankMSP", title="Trade Bank of Guizhou", role="bank", users=_BANK_USERS
    ),
    Organization(
        name="safe", msp_id="SafeMSP", title="State Administration of Foreign Exchange, Guizhou Branch",
        role="fx-bureau", users=_AUTHORITY_USERS,
    ),
    Organization(
        name="customs", msp_id="CustomsMSP", title="Guiyang Customs District", role="customs", users=_AUTHORITY_USERS
    ),
)  # fmt: skip

BANKS: Final = tuple(each for each in ORGANIZATIONS if each.role == "bank")


def _peers(*msp_ids: str) -> str:
    return ", ".join(f"'{msp_id}.peer'" for msp_id in msp_ids)


def _configure(member: str) -> InitialCall:
    members = [{"msp_id": each.msp_id, "name": each.title, "role": each.role} for each in ORGANIZATIONS]
    return InitialCall(
        member=member, user="admin", chaincode=CHAINCODE, function="consortium:configure",
        arguments=(json.dumps(members, ensure_ascii=False),),
    )  # fmt: skip


def _papers(bank: str) -> Collection:
    """A bank's papers and loans: shared with SAFE, and both must endorse what is written there."""
    return Collection(name=papers_of(bank), members=(bank, _SAFE), policy=f"AND({_peers(bank, _SAFE)})")


def _shared(bank: str, writer: str) -> Collection:
    """What a channel's writer lets a bank have, endorsed by the writer alone."""
    members = tuple(dict.fromkeys((bank, _SAFE, writer)))
    return Collection(name=shared_with(bank), members=members, policy=f"OR({_peers(writer)})")


def _own(name: str, writer: str) -> Collection:
    """A writer's own, and SAFE's. A bank's person may have the writer's peer act on it, and the chaincode there decides
    what comes out of it: so its members are not alone in asking."""
    members = tuple(dict.fromkeys((writer, _SAFE)))
    return Collection(
        name=name, members=members, policy=f"OR({_peers(writer)})", member_only_read=False, member_only_write=False
    )


def _channel(
    name: str, members: tuple[str, ...], founder: str, policy: str, collections: tuple[Collection, ...] = ()
) -> ChannelDefinition:
    return ChannelDefinition(
        name=name,
        members=members,
        chaincodes=(ChaincodeDefinition(name=CHAINCODE, policy=policy, collections=collections),),
        initial=(_configure(founder),),
    )


_BANK_NAMES: Final = tuple(bank.name for bank in BANKS)
_BANK_MSPS: Final = tuple(bank.msp_id for bank in BANKS)

DEFAULT_CONSORTIUM: Final = ConsortiumDefinition(
    organizations=ORGANIZATIONS,
    channels=(
        _channel(
            "customs",
            ("customs", "safe", *_BANK_NAMES),
            "customs",
            f"OR({_peers(_CUSTOMS)})",
            (_own("declarations", _CUSTOMS), *(_shared(msp_id, _CUSTOMS) for msp_id in _BANK_MSPS)),
        ),
        _channel(
            "fx",
            ("safe", *_BANK_NAMES),
            "safe",
            f"OR({_peers(_SAFE)})",
            (_own("receipts", _SAFE), *(_shared(msp_id, _SAFE) for msp_id in _BANK_MSPS)),
        ),
        _channel(
            "bank",
            (*_BANK_NAMES, "safe"),
            _BANK_NAMES[0],
            f"AND({_peers(_SAFE)}, OR({_peers(*_BANK_MSPS)}))",
            (
                _own(MATCHING, _SAFE),
                *(_papers(msp_id) for msp_id in _BANK_MSPS),
                *(_shared(msp_id, _SAFE) for msp_id in _BANK_MSPS),
            ),
        ),
    ),
)
"""Members, users, channels and policies of a new embedded ledger."""


def _chaincodes() -> Sequence[Chaincode]:
    from eximledger_chaincode.contracts import exim

    return (exim(),)


EXIM: Final = HostedConsortium(DEFAULT_CONSORTIUM, _chaincodes)
"""The default consortium with its chaincode, as an embedded ledger hosts it."""
