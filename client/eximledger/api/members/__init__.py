"""Routes of who is signed in, of members among themselves, of looking over it all, and of rules."""

from __future__ import annotations

from eximledger.api.members import account, membership, overview, rules, supervising

__all__ = ["ROUTERS"]

ROUTERS = (account.router, membership.router, supervising.router, overview.router, rules.router)
