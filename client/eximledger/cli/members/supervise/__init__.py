"""`eximledger supervise`: what SAFE sees across all banks. The command, and its tables."""

from __future__ import annotations

from eximledger.cli.members.supervise._command import supervise

__all__ = ["supervise"]
