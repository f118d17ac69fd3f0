"""A channel of SAFE, customs and many banks, the first few of which run peers; the same for both ledgers."""

from __future__ import annotations

import json

from bench.members.contract import CHAINCODE, members
from hlf_client.embedded import (
    ChaincodeDefinition,
    ChannelDefinition,
    Collection,
    ConsortiumDefinition,
    HostedConsortium,
    InitialCall,
    User,
)
from hlf_client.embedded import Organization as Member
from hlf_client.identity import NodeRole
from hlf_network.consortium import Consortium, parse_consortium

__all__ = ["CHANNEL", "NAME", "bank", "embedded", "msp_of", "on_fabric"]

NAME, CHANNEL = "exim-members-bench", "bank"


def bank(number: int) -> str:
    """A bank's name, by which people and the driver call it."""
    return f"bank-{number:03}"


def msp_of(number: int) -> str:
    return f"Bank{number:03}MSP"


def on_fabric(banks: int, seats: int, fabric: str) -> Consortium:
    """`seats` of the banks run a peer each. Two of SAFE, customs and the first bank decide who else comes in."""
    organizations = [
        "{name: safe, role: fx-bureau, peers: [{name: peer0}], orderers: [{name: orderer0}], users: [{name: officer}]}",
        "{name: customs, role: customs, peers: [{name: peer0}]}",
        *(
            f"{{name: {bank(number)}, msp: {msp_of(number)}, role: bank"
            + (", peers: [{name: peer0}], users: [{name: officer}]}" if number < seats else "}")
            for number in range(banks)
        ),
    ]
    return parse_consortium(f"""
name: {NAME}
fabric: "{fabric}"
organizations: [{", ".join(organizations)}]
channels:
  - name: {CHANNEL}
    members: [safe, customs, {", ".join(bank(number) for number in range(banks))}]
    policies:
      readers: OR(fx-bureau.member, customs.member, bank.member)
      writers: OR(fx-bureau.member, customs.member, bank.member)
      admins: OutOf(2, fx-bureau.admin, customs.admin, '{msp_of(0)}.admin')
      lifecycle_endorsement: OutOf(2, fx-bureau.peer, customs.peer, '{msp_of(0)}.peer')
    chaincode:
      endorsement: AND(OR(bank.peer), OR(fx-bureau.peer))
      collections:
        - name: papers-{{msp}}
          per: bank
          members: OR('{{msp}}.member', fx-bureau.member)
          endorsement: AND('{{msp}}.peer', OR(fx-bureau.peer))
        - name: shared-{{msp}}
          per: bank
          members: OR('{{msp}}.member', fx-bureau.member)
          endorsement: OR(fx-bureau.peer)
        - name: matching
          members: OR(fx-bureau.member)
          endorsement: OR(fx-bureau.peer)
          member_only_read: false
          member_only_write: false
chaincode: {{name: {CHAINCODE}, server: host, founding: "eximledger_network.founding:tell_roles"}}
""")


def embedded(banks: int) -> HostedConsortium:
    """The same channel on an embedded ledger, where every member has a peer."""
    users = (User(name="officer"), User(name="admin", role=NodeRole.ADMIN))
    organizations = (
        Member(name="safe", msp_id="SafeMSP", title="Safe", role="fx-bureau", users=users),
        Member(name="customs", msp_id="CustomsMSP", title="Customs", role="customs", users=users),
        *(
            Member(name=bank(number), msp_id=msp_of(number), title=bank(number), role="bank", users=users)
            for number in range(banks)
        ),
    )
    msps = [msp_of(number) for number in range(banks)]
    peers = ", ".join(f"'{msp}.peer'" for msp in msps)
    collections = [
        collection
        for msp in msps
        for collection in (
            Collection(name=f"papers-{msp}", members=(msp, "SafeMSP"), policy=f"AND('{msp}.peer', 'SafeMSP.peer')"),
            Collection(name=f"shared-{msp}", members=(msp, "SafeMSP"), policy="OR('SafeMSP.peer')"),
        )
    ]
    roles = [{"msp_id": one.msp_id, "name": one.title, "role": one.role} for one in organizations]
    voters = ["CustomsMSP", "SafeMSP", msp_of(0)]
    channel = ChannelDefinition(
        name=CHANNEL,
        members=tuple(one.name for one in organizations),
        chaincodes=(
            ChaincodeDefinition(
                name=CHAINCODE, policy=f"AND(OR({peers}), 'SafeMSP.peer')", collections=tuple(collections)
            ),
        ),
        initial=(
            InitialCall(
                member="safe",
                user="admin",
                chaincode=CHAINCODE,
                function="consortium:configure",
                arguments=(json.dumps(roles), "null", json.dumps(voters)),
            ),
        ),
    )
    return HostedConsortium(ConsortiumDefinition(organizations=organizations, channels=(channel,)), lambda: [members()])
