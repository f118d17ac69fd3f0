"""The HTTP interface: /api/v1, all that the desks can do, for programs. One router a subject.

Mounted by `eximledger.serving`. May import `serving` and what is below it; nothing imports it.
"""

from __future__ import annotations

from fastapi import FastAPI

__all__ = ["mount"]


def mount(application: FastAPI) -> None:
    """Put the interface on an application."""
    _ = application
