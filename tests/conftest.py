"""How the whole suite draws its examples.

`make test` draws the same ones on every machine, so that a change is judged by what it changes. `make trust`, and
HYPOTHESIS_PROFILE=search with any run of pytest, draw new ones each time and remember what failed.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "search" if os.environ.get("EXIM_TRUST") else "suite"))
