"""What one declaration and one whole loan cost, taken from the measured figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bench.scale.figures import FilingRun, Growth, LendingRun, Measured

__all__ = ["DECODED", "Cost", "Costs", "costs_of"]

_ORDERERS = 3
_BANKS = 2
"""In the consortium that loans and declarations were measured in."""
_COLLECTIONS = 2
"""Of a bank, on the channel that a private key was measured on."""
DECODED = {"declaration": 3, "loan": 82}
"""Collections of each bank that a peer decodes to commit one: for a private key all that the definition names on its
channel, two of each bank on `bank` (33 keys of a loan), one on `customs` and `fx` (17, and 3 of a declaration)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one item, at one node each: seconds of a core, and bytes."""

    commit: float
    """At every peer of the channel."""
    endorse: float
    """More at each peer that endorses."""
    gateway: float
    """More at the peer whose gateway the client calls."""
    chaincode: float
    """At each endorser's chaincode server."""
    orderer: float
    client: float
    wire: float
    """Bytes of blocks."""
    ledger: float
    """Bytes on the disk of every peer of the channel: blocks, indexes, public state, hashes."""
    private: float
    """Bytes more on the disks of those who may read it."""
    decoded: int = 0
    """Collections of each bank on the channels, that committing one decodes."""

    def among(self, banks: int, definition: float) -> Cost:
        """With so many banks on the channels: for each private key a peer reads the definition with all collections."""
        more = max(0, banks - _BANKS) * definition * self.decoded
        return replace(self, commit=self.commit + more)


@dataclass(frozen=True, slots=True)
class Costs:
    """All that the model takes from a machine."""

    declaration: Cost
    loan: Cost
    query: float
    """Seconds of a core of one read, at its peer and chaincode server."""
    idle_peer: float
    """Of a core."""
    idle_orderer: float
    replayed: float
    """Declarations a second that a peer catches up by."""
    definition: float = 0.0
    """Seconds of a core at each peer, for one private key and each collection that the definition names."""


def costs_of(measured: Measured) -> Costs:
    """Raises ValueError where what it stands on was not measured."""
    sizes = {each.of: each for each in measured.growth}
    filing = max(
        (each for each in measured.filing if each.declarations), key=lambda each: each.declarations, default=None
    )
    lending = [each for each in measured.lending if each.finished and not each.filed and not each.looking]
    own = next((each for each in reversed(lending) if each.bank), None)
    if filing is None or own is None or not {"declaration", "loan", "loan's papers"} <= sizes.keys():
        raise ValueError("the model needs filing, lending by one bank, and what both added to the disks")
    queries, founding = measured.reading, measured.founding
    asked = max(queries, key=lambda each: each.declarations) if queries else None
    idle = measured.idle_cpu
    return Costs(
        declaration=_of_declaration(filing, sizes["declaration"]),
        loan=_of_loan(own, [sizes["loan"], sizes["loan's papers"]]),
        query=(asked.cpu["peers"] + asked.cpu["chaincode"]) / asked.queries if asked else 0.0,
        idle_peer=idle.get("peers", 0.0) / max(1, sum(name.startswith("peers ") for name in idle)),
        idle_orderer=idle.get("orderers", 0.0) / _ORDERERS,
        replayed=founding.caught_up / founding.catch_up_seconds if founding and founding.catch_up_seconds else 0.0,
        definition=_of_definition(measured.private_key),
    )


def _of_definition(measured: Mapping[str, float]) -> float:
    """From the fewest and the most banks that it was measured with."""
    found = sorted((int(banks), seconds) for banks, seconds in measured.items())
    if len(found) < 2:
        return 0.0
    (few, less), (many, more) = found[0], found[-1]
    return max(0.0, (more - less) / (many - few) / _COLLECTIONS)


def _of_declaration(run: FilingRun, grown: Growth) -> Cost:
    """Customs' peer endorses, has the gateway and commits; a bank's commits."""
    each = _per_item(run.cpu, run.declarations)
    commit = (each["peers eximbank"] + each["peers tradebank"]) / 2
    ledger = _bytes(grown, "tradebank")
    return Cost(
        commit=commit,
        endorse=max(0.0, each["peers customs"] - commit),
        gateway=0.0,
        chaincode=each["chaincode customs"],
        orderer=each["orderers"] / _ORDERERS,
        client=each["client"],
        wire=grown.peers["tradebank"]["blocks"] / grown.count,
        ledger=ledger,
        private=max(0.0, _bytes(grown, "customs") - ledger),
        decoded=DECODED["declaration"],
    )


def _of_loan(run: LendingRun, grown: Sequence[Growth]) -> Cost:
    """All loans were `eximbank`'s: `tradebank` only commits, SAFE commits and endorses, `eximbank` has the gateway too.

    Disks were measured with both banks' loans, half each: SAFE's holds every private value, a bank's half of them.
    """
    each = _per_item(run.cpu, run.finished)
    commit = each["peers tradebank"]
    endorse = max(0.0, each["peers safe"] - commit)
    safe = sum(_bytes(one, "safe") for one in grown)
    bank = sum((_bytes(one, "eximbank") + _bytes(one, "tradebank")) / 2 for one in grown)
    private = max(0.0, 2 * (safe - bank))
    return Cost(
        commit=commit,
        endorse=endorse,
        gateway=max(0.0, each["peers eximbank"] - commit - endorse),
        chaincode=(each["chaincode safe"] + each["chaincode eximbank"]) / 2,
        orderer=each["orderers"] / _ORDERERS,
        client=each["client"],
        wire=sum(one.peers["safe"]["blocks"] / one.count for one in grown),
        ledger=max(0.0, safe - private),
        private=private,
        decoded=DECODED["loan"],
    )


def _per_item(used: Mapping[str, float], count: int) -> dict[str, float]:
    return {part: seconds / count for part, seconds in used.items()}


def _bytes(grown: Growth, peer: str) -> float:
    return max(0.0, sum(grown.peers[peer].values()) / grown.count)
