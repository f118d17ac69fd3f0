"""The default consortium of the trade on Fabric: its file, its command, and the first transaction of its contracts.

The trade half of the network driver: what `hlf_network` does not know. Imported by the command line and by tests.
"""

from __future__ import annotations

from importlib.resources import files

from hlf_network import Consortium, parse_consortium

__all__ = ["default_consortium", "default_text"]


def default_text() -> str:
    """The consortium.yaml that ships with the package, with its comments."""
    return files("eximledger_network").joinpath("consortium.yaml").read_text(encoding="utf-8")


def default_consortium() -> Consortium:
    """Export-Import Bank, a second bank, SAFE and customs on three channels."""
    return parse_consortium(default_text(), source="the default consortium.yaml")
