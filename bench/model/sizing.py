"""From costs and a demand: which nodes, how much disk and network, and what breaks first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from bench.model.costs import Costs
from bench.model.demand import Demand, Node

__all__ = ["Bound", "Needs", "bounds", "needs"]

_ORDERERS: Final = 3
_PULLERS: Final = 2
"""Customs and SAFE, who pull blocks beside the banks; one peer of each member does."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Of one set of channels. `inf` peers: no number of them does, for each would commit more than it can."""

    customs_peers: float
    safe_peers: float
    bank_peers: float
    """Of the bank with the largest share of the loans, a tenth of them."""
    customs_chaincodes: int
    """Processes."""
    safe_chaincodes: int
    bank_cores: float
    """That a bank's peer is at work with at the peak when it only commits."""
    orderer_cores: float
    orderer_network: float
    """Bytes a second that each orderer sends."""
    bank_network: float
    """Bytes a second that a bank's peer takes in."""
    bank_disk: float
    """Bytes a year."""
    safe_disk: float
    genesis_days: float
    """Until a new peer has replayed a year, as the measured machine would."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Something that ends; `carries` is how many times the demand it bears, below 1 less than is asked."""

    what: str
    carries: float


_LARGEST: Final = 0.1
"""Of the loans, by one bank."""


def needs(demand: Demand, costs: Costs, node: Node) -> Needs:
    """What these channels need at the peak."""
    filed, lent = demand.declarations_a_second, demand.decisions_a_second
    declaration, loan = (each.among(demand.banks, costs.definition) for each in (costs.declaration, costs.loan))
    on_customs = filed * declaration.commit
    everywhere = on_customs + lent * loan.commit + costs.idle_peer
    asked = lent * demand.queries_a_decision * costs.query
    wire = filed * declaration.wire + lent * loan.wire
    own = _LARGEST * (lent * (loan.endorse + loan.gateway) + asked)
    of_declarations, of_loans = demand.declarations_a_year, demand.loans_a_year
    bank_disk = of_declarations * declaration.ledger + of_loans * (loan.ledger + _LARGEST * loan.private)
    safe_disk = of_declarations * (declaration.ledger + declaration.private) + of_loans * (loan.ledger + loan.private)
    return Needs(
        customs_peers=_peers(on_customs + costs.idle_peer, filed * declaration.endorse, node),
        safe_peers=_peers(everywhere, lent * loan.endorse, node),
        bank_peers=_peers(everywhere, own, node),
        customs_chaincodes=math.ceil(filed * declaration.chaincode / node.process),
        safe_chaincodes=math.ceil(lent * loan.chaincode / node.process),
        bank_cores=everywhere,
        orderer_cores=filed * declaration.orderer + lent * loan.orderer + costs.idle_orderer,
        orderer_network=wire * (demand.banks + _PULLERS + _ORDERERS - 1) / _ORDERERS,
        bank_network=wire,
        bank_disk=bank_disk,
        safe_disk=safe_disk,
        genesis_days=of_declarations / costs.replayed / 86400 if costs.replayed else 0.0,
    )


def bounds(demand: Demand, costs: Costs, node: Node) -> list[Bound]:
    """What ends first, first: with one node of each kind, and all of the demand on these channels."""
    needed = needs(demand, costs, node)
    filed, lent = demand.declarations_a_second, demand.decisions_a_second
    declaration, loan = (each.among(demand.banks, costs.definition) for each in (costs.declaration, costs.loan))
    process, room, wire = node.process, node.seconds, node.use * node.network
    at_safe = needed.bank_cores + lent * loan.endorse
    at_customs = filed * (declaration.commit + declaration.endorse) + costs.idle_peer
    found = [
        Bound("SAFE's chaincode server in one process", _times(process, lent * loan.chaincode)),
        Bound("customs' chaincode server in one process", _times(process, filed * declaration.chaincode)),
        Bound("committing loans, one block after the other", _times(process, lent * loan.commit)),
        Bound("committing declarations, one block after the other", _times(process, filed * declaration.commit)),
        Bound(f"SAFE's one peer, {node.cores} cores", _times(room, at_safe)),
        Bound(f"customs' one peer, {node.cores} cores", _times(room, at_customs)),
        Bound(f"a bank's peer that only commits, {node.cores} cores", _times(room, needed.bank_cores)),
        Bound(f"an orderer, {node.cores} cores", _times(room, needed.orderer_cores)),
        Bound("an orderer's network, one peer of each member pulling", _times(wire, needed.orderer_network)),
        Bound("a bank's disk after a year", _times(node.full * node.disk, needed.bank_disk)),
        Bound("SAFE's disk after a year", _times(node.full * node.disk, needed.safe_disk)),
    ]
    return sorted(found, key=lambda each: each.carries)


def _peers(each: float, shared: float, node: Node) -> float:
    """How many peers: every one bears `each`, all together `shared`."""
    room = node.seconds - each
    return math.inf if room <= 0 else max(1, math.ceil(shared / room))


def _times(room: float, load: float) -> float:
    return math.inf if load <= 0 else room / load
