"""`eximledger`, the command line: thin commands that parse, call the desk or a ledger, and print.

One module for each group of commands; `_session` holds the options that every command has, `_output` what is printed.
May import everything of the client; nothing imports it.
"""

from __future__ import annotations

from eximledger.cli._main import main

__all__ = ["main"]
