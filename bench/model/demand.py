"""What is asked of the ledger, and what one node is."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["COUNTRY", "NODE", "Demand", "Node"]


@dataclass(frozen=True, slots=True)
class Demand:
    """Loads of channels that share nothing: a country's three, or a province's."""

    banks: int
    """With a peer on these channels."""
    declarations_a_year: float
    declarations_a_second: float
    """At the peak."""
    decisions_a_second: float
    """At the peak; each is a whole loan in time."""
    peak_to_mean: float = 10.0
    seconds_a_year: float = 250 * 8 * 3600.0
    """Of business."""
    queries_a_decision: float = 20.0

    @property
    def loans_a_year(self) -> float:
        return self.decisions_a_second / self.peak_to_mean * self.seconds_a_year

    def share(self, part: float, banks: int) -> Demand:
        """A part of it, with so many of the banks."""
        return replace(
            self,
            banks=banks,
            declarations_a_year=part * self.declarations_a_year,
            declarations_a_second=part * self.declarations_a_second,
            decisions_a_second=part * self.decisions_a_second,
        )


COUNTRY = Demand(
    banks=300, declarations_a_year=100e6, declarations_a_second=110.0, decisions_a_second=50.0
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """A server that a member would buy, and how far it is used."""

    cores: int = 16
    use: float = 0.5
    """Of cores and network, at the peak."""
    process: float = 0.7
    """Of one core, by what runs in one process or thread."""
    network: float = 125e6
    """Bytes a second."""
    disk: float = 8e12
    full: float = 0.8

    @property
    def seconds(self) -> float:
        """Of cores, each second."""
        return self.cores * self.use


NODE = Node()
