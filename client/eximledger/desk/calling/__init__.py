"""How the desk calls contract functions: whom it asks, what it repeats, and who waits for whom.

Knows no step of a loan. The desk's other modules, `proof` and tests import it.
"""

from __future__ import annotations

from eximledger.desk.calling._calls import Boundary, Calls, Interceptor, Moment, no_interceptor
from eximledger.desk.calling._endorsers import endorsers_of
from eximledger.desk.calling._lag import Lag
from eximledger.desk.calling._retry import Again, Observer, Repetition, Retry, is_repeatable
from eximledger.desk.calling._turns import application_of, turn_of

__all__ = [
    "Again",
    "Boundary",
    "Calls",
    "Interceptor",
    "Lag",
    "Moment",
    "Observer",
    "Repetition",
    "Retry",
    "application_of",
    "endorsers_of",
    "is_repeatable",
    "no_interceptor",
    "turn_of",
]
