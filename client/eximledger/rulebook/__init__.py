"""The rule sets of this release, and what another set or policy would say of past cases.

May import `desk` and the chaincode's values and pure functions; the command line imports it.
"""

from __future__ import annotations

from eximledger.rulebook._comparing import Difference, compared
from eximledger.rulebook._drafts import read_draft
from eximledger.rulebook._listing import RuleLine, SetLine, rule_lines, set_lines
from eximledger.rulebook._replay import Replay, Replayed, ReplayReport, Untold

__all__ = [
    "Difference",
    "Replay",
    "ReplayReport",
    "Replayed",
    "RuleLine",
    "SetLine",
    "Untold",
    "compared",
    "read_draft",
    "rule_lines",
    "set_lines",
]
