"""What `import eximledger` offers, and nothing more, and that no other import is needed for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import eximledger


def test_subpackages_need_no_import_of_their_own() -> None:
    program = "import eximledger as e; e.formats.read, e.testing.exim_ledger, e.sync.LoanDesk"
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, timeout=60)


def test_dir_shows_public_names_only() -> None:
    for name in eximledger.__all__:
        assert getattr(eximledger, name) is not None  # all are loaded, and the modules behind them
    assert dir(eximledger) == sorted(eximledger.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        eximledger.nothing  # noqa: B018
