"""`hlf`, a command line for any Fabric network: calls, events, blocks and configurations, chaincode, channels.

Thin commands that parse, call the package and print; each is imported when it is used, so that none waits for the
libraries of another. Needs the extra `cli`. May import the whole client; nothing imports it.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """The entry point. Where click is missing it says what to install."""
    try:
        from hlf_client.cli._main import root
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        sys.stderr.write("Error: `hlf` needs click: pip install 'hlf-client[cli]'\n")
        sys.exit(1)
    root()
