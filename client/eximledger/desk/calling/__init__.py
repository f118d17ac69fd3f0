"""How the desk calls contract functions: whom it asks, what it repeats, and who waits for whom.

Knows no step of a loan. The desk's other modules, `proof` and tests import it.
"""

from __future__ import annotations

from eximledger.desk.calling._calls import Boundary, Calls, Interceptor, Moment, no_interceptor
from eximledger.desk.calling._endorsers import endorsers_of
from eximledger.desk.calling._foreseen import Act, Foresight, last_loan, note_last
from eximledger.desk.calling._lag import Lag
from eximledger.desk.calling._noted import Noted
from eximledger.desk.calling._retry import Again, Observer, Repetition, Retry, is_repeatable
from eximledger.desk.calling._turns import application_of, turn_of

__all__ = [
    "Act",
    "Again",
    "Boundary",
    "Calls",
    "Foresight",
    "Interceptor",
    "Lag",
    "Moment",
    "Noted",
    "Observer",
    "Repetition",
    "Retry",
    "application_of",
    "endorsers_of",
    "is_repeatable",
    "last_loan",
    "no_interceptor",
    "note_last",
    "turn_of",
]
