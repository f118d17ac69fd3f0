"""Puts the checkout's root on the path, so that tests can share `tests.chaincode.memory_peer`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)
