"""The loan desk: file papers, open a case, reconcile, decide, pay, and look.

`LoanDesk` works over any `hlf_client.Ledger` and never asks which one it is. May import
`formats`, the interface and errors of `hlf_client`, and `eximledger_chaincode`; reports, supervision, cli and sync
import it.
"""

from __future__ import annotations

from eximledger.desk._copies import Pulled
from eximledger.desk._desk import LoanDesk
from eximledger.desk._filing import Change, Filed
from eximledger.desk._letter import Letter, Point, Section, left_out, write_letter
from eximledger.desk._matching import Rekeyed
from eximledger.desk._papers import PaperFolder, check_papers, read_folder
from eximledger.desk._reading import ChannelAsker
from eximledger.desk._watching import FiledList, Rescreened, heading_of
from eximledger.desk.calling import Boundary, Calls, Interceptor, Moment, Observer, Repetition, Retry

__all__ = [
    "Boundary",
    "Calls",
    "Change",
    "ChannelAsker",
    "Filed",
    "FiledList",
    "Interceptor",
    "Letter",
    "LoanDesk",
    "Moment",
    "Observer",
    "PaperFolder",
    "Point",
    "Pulled",
    "Rekeyed",
    "Repetition",
    "Rescreened",
    "Retry",
    "Section",
    "check_papers",
    "heading_of",
    "left_out",
    "read_folder",
    "write_letter",
]
