"""When and on what the containers of a transport document are under way: pure.

A container that was loaded is away for a week at least: until it arrives, or, where the paper states no arrival, until
the seventh day. Two papers that have it at one time cannot both be true, whichever numbers they carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from eximledger_chaincode.documents import TransportDocument
from eximledger_chaincode.documents.parts.names.ships import same_ship, same_voyage

__all__ = ["UNDER_WAY_DAYS", "Voyage", "loaded_on", "voyage_of"]

UNDER_WAY_DAYS: Final = 7
"""How long a container is away at least, the day of loading included."""
_MOST_DAYS: Final = 70
"""An arrival later than that is taken for none: it would fill the register."""
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Voyage:
    """From the first day to the last one (both included), and the ship and voyage where the paper names both."""

    first: date
    last: date
    sailing: tuple[str, str] | None

    @property
    def weeks(self) -> tuple[int, ...]:
        """The calendar weeks that it touches, numbered through."""
        return tuple(range(self.first.toordinal() // _WEEK, self.last.toordinal() // _WEEK + 1))

    def meets(self, other: Voyage) -> bool:
        """Whether both are under way on one day."""
        return self.first <= other.last and other.first <= self.last


def loaded_on(bill: TransportDocument) -> date | None:
    """The on-board date; without one the day on which the main carriage departed. None where the paper states neither:
    an issue date proves no loading."""
    if bill.on_board_on is not None:
        return bill.on_board_on
    main = [leg for leg in bill.stages if not leg.pre_carriage and not leg.on_carriage]
    return min((leg.departed_on for leg in main or bill.stages if leg.departed_on), default=None)


def voyage_of(bill: TransportDocument) -> Voyage:
    """The voyage that a transport document states; from its issue on where it states no loading."""
    first = loaded_on(bill) or bill.issued_on
    most = first + timedelta(days=_MOST_DAYS)
    arrivals = [leg.arrived_on for leg in bill.stages if leg.arrived_on is not None and leg.arrived_on <= most]
    return Voyage(first, max([first + timedelta(days=UNDER_WAY_DAYS - 1), *arrivals]), _sailing(bill))


def _sailing(bill: TransportDocument) -> tuple[str, str] | None:
    """The ship, by its IMO number before its name, and the voyage."""
    ship = bill.imo_number or (same_ship(bill.vessel) if bill.vessel else "")
    voyage = same_voyage(bill.voyage) if bill.voyage else ""
    return (ship, voyage) if ship and voyage else None
