"""Where the papers of the Dongyu case lie: in the installed package, or in the checkout that it was installed from."""

from __future__ import annotations

from pathlib import Path

from hlf_client.errors import NotFound

__all__ = ["papers_folder"]

_PACKAGED = Path(__file__).parent / "papers"
_CHECKOUT = Path(__file__).parents[3] / "examples" / "dongyu"


def papers_folder() -> Path:
    """The folder with `customs/`, `safe/`, `eximbank/` and the rest. Raises `NotFound` where it was left out."""
    for folder in (_PACKAGED, _CHECKOUT):
        if (folder / "application.json").is_file():
            return folder
    raise NotFound("the papers of the Dongyu case are not installed: install eximledger again, from a wheel or a clone")
