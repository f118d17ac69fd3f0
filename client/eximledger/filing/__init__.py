"""Filing many files: read one by one, filed in batches, refused one by one, and known again by their hash.

`file_many` goes through any number of files with flat memory and goes on where it broke off: a `Journal` says which
files were filed as what, and the ledger whether that still stands. May import `desk` and `formats`; cli imports it.
"""

from __future__ import annotations

from eximledger.filing._files import files_in
from eximledger.filing._journal import Journal
from eximledger.filing._many import as_copies, file_many
from eximledger.filing._outcomes import Outcome, Progress, Reason, State, Summary

__all__ = ["Journal", "Outcome", "Progress", "Reason", "State", "Summary", "as_copies", "file_many", "files_in"]
