"""A consortium of many members, most of them without peers: for the tests of configurations and of a real channel."""

from __future__ import annotations

from hlf_network.consortium import Consortium, parse_consortium

__all__ = ["BY_CHANNEL", "BY_NAME", "FEW", "consortium_of"]

FEW = (
    "{admins: 'OutOf(2, bureau.admin, customs.admin, ''Lender000MSP.admin'')', "
    "lifecycle_endorsement: 'AND(bureau.peer, customs.peer)', "
    "readers: 'OR(bureau.member, customs.member, bank.member)', "
    "writers: 'OR(bureau.member, customs.member, bank.member)', "
    "endorsement: 'AND(OR(bureau.peer), OR(bank.peer))'}"
)


BY_NAME, BY_CHANNEL = "AND(OR(bureau.peer), OR(bank.peer))", "/Channel/Application/Endorsement"


def consortium_of(banks: int, policies: str = FEW, name: str = "many", endorsement: str = BY_NAME) -> Consortium:
    """A bureau and a customs house with peers, the first lender too; the others are members without peers.

    By name the bureau has a collection with each lender; by the channel's policy nothing in the definition is theirs.
    """
    collections = """
      collections:
        - name: papers-{msp}
          per: bank
          members: OR('{msp}.member', bureau.member)
          endorsement: AND('{msp}.peer', bureau.peer)
"""
    names = [f"lender{number:03}" for number in range(banks)]
    organizations = [
        "{name: bureau, msp: BureauMSP, role: bureau, peers: [{name: peer0}], orderers: [{name: orderer0}]}",
        "{name: customs, msp: TollMSP, role: customs, peers: [{name: peer0}]}",
        *(
            f"{{name: {lender}, role: bank, peers: [{'{name: peer0}' if number == 0 else ''}]}}"
            for number, lender in enumerate(names)
        ),
    ]
    text = f"""
name: {name}
organizations: [{", ".join(organizations)}]
channels:
  - name: loans
    members: [bureau, customs, {", ".join(names)}]
    policies: {policies}
    chaincode:
      endorsement: {endorsement}{collections if endorsement == BY_NAME else ""}
chaincode: {{name: exim, server: host}}
"""
    return parse_consortium(text)
