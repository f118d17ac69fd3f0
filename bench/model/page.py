"""The model's tables in Markdown."""

from __future__ import annotations

import math
from typing import Final

from bench.model.costs import Cost, Costs
from bench.model.demand import Demand, Node
from bench.model.sizing import bounds, needs
from bench.scale.page import table

__all__ = ["PROVINCES", "model_tables"]

PROVINCES: Final = 31
_LARGEST: Final = 0.2
"""Of the country's exports, by the largest province."""
_NATIONAL: Final = 20
"""Banks that lend in every province."""


def model_tables(country: Demand, costs: Costs, node: Node) -> str:
    """What one costs; what the country needs on one set of channels and by province; what breaks first."""
    local = math.ceil(max(0, country.banks - _NATIONAL) / PROVINCES)
    among = min(country.banks, _NATIONAL + local)
    largest = country.share(_LARGEST, min(country.banks, _NATIONAL + 2 * local))
    mean = country.share((1 - _LARGEST) / (PROVINCES - 1), among)
    demands = {"one set of channels": country, "largest province": largest, "each other province": mean}
    said = (
        f"{country.banks} banks, {country.declarations_a_year:,.0f} declarations a year "
        f"({country.declarations_a_second:,.0f} a second at the peak), {country.decisions_a_second:,.0f} decisions a "
        f"second at the peak ({country.loans_a_year:,.0f} loans a year); nodes of {node.cores} cores, "
        f"used to {node.use:.0%}.\n"
    )  # fmt: skip
    return "\n".join([_costs(costs), said, _needs(demands, costs, node), _first(demands, costs, node)])


def _costs(costs: Costs) -> str:
    rows = [
        [name, *(_number(1000 * each) for each in (cost.commit, cost.endorse, cost.gateway, cost.chaincode,
                                                   cost.orderer, cost.client)),
         *(f"{each / 1000:,.1f}" for each in (cost.wire, cost.ledger, cost.private))]
        for name, cost in _named(costs)
    ]  # fmt: skip
    headings = ["one", "commit, CPU ms a peer", "endorse", "gateway", "chaincode", "an orderer", "client",
                "kB in blocks", "kB on every disk", "kB private"]  # fmt: skip
    return table(headings, rows)


def _named(costs: Costs) -> list[tuple[str, Cost]]:
    return [("declaration", costs.declaration), ("whole loan with its papers", costs.loan)]


def _needs(demands: dict[str, Demand], costs: Costs, node: Node) -> str:
    found = [(demand, needs(demand, costs, node)) for demand in demands.values()]

    def row(what: str, *cells: str) -> list[str]:
        return [what, *cells]

    def each(what: str, cell: str, scale: float = 1.0) -> list[str]:
        return row(what, *(_number(getattr(need, cell) / scale) for _, need in found))

    rows = [
        row("banks with a peer", *(f"{demand.banks}" for demand, _ in found)),
        row("declarations a second, peak", *(_number(demand.declarations_a_second) for demand, _ in found)),
        row("decisions a second, peak", *(_number(demand.decisions_a_second) for demand, _ in found)),
        row(
            "committing one loan, CPU ms a peer",
            *(_number(1000 * costs.loan.among(demand.banks, costs.definition).commit) for demand, _ in found),
        ),
        each("customs' peers", "customs_peers"),
        each("SAFE's peers", "safe_peers"),
        each("peers of a bank with a tenth of the loans", "bank_peers"),
        each("customs' chaincode processes", "customs_chaincodes"),
        each("SAFE's chaincode processes", "safe_chaincodes"),
        each("cores at work in a bank's peer that only commits", "bank_cores"),
        each("cores at work in an orderer", "orderer_cores"),
        each("an orderer sends, Mbit/s", "orderer_network", 125_000),
        each("a bank's peer takes in, Mbit/s", "bank_network", 125_000),
        each("a bank's disk, TB a year", "bank_disk", 1e12),
        each("SAFE's disk, TB a year", "safe_disk", 1e12),
        each("days to replay a year of declarations from the first block", "genesis_days"),
    ]
    return table(["", *demands], rows)


def _first(demands: dict[str, Demand], costs: Costs, node: Node) -> str:
    names = [one.what for one in bounds(next(iter(demands.values())), costs, node)]
    carried = [{one.what: one.carries for one in bounds(demand, costs, node)} for demand in demands.values()]
    rows = [[name, *(f"{_number(each[name])} x" for each in carried)] for name in names]
    return table(["what ends first, and what it carries of the load", *demands], rows)


def _number(value: float) -> str:
    if math.isinf(value):
        return "none do"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.3g}"
