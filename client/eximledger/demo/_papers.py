"""Where the papers of the cases lie: in the installed package, or in the checkout that it was installed from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hlf_client.errors import NotFound

__all__ = ["CASES", "DONGYU", "PACKING", "papers_folder"]

DONGYU: Final = "dongyu"
PACKING: Final = "packing"
CASES: Final = (DONGYU, PACKING)
"""The cases by their names: a loan after shipment that is refused first, and a packing loan on a letter of credit."""

_PACKAGED: Final = Path(__file__).parent / "papers"
_CHECKOUT: Final = Path(__file__).parents[3] / "examples"


def papers_folder(case: str = DONGYU) -> Path:
    """The folder with `customs/`, `safe/`, `eximbank/` and the rest. Raises `NotFound` where it was left out."""
    for folder in (_PACKAGED / case, _CHECKOUT / case):
        if (folder / "application.json").is_file():
            return folder
    raise NotFound(
        f"the papers of the case {case} are not installed: install eximledger again, from a wheel or a clone"
    )
