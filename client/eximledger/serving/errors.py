"""What only the server says no to: before a desk is asked, or because of how it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eximledger_chaincode.errors import EximError

__all__ = [
    "Difference",
    "KeyReused",
    "NotForYou",
    "NotSignedIn",
    "PreconditionFailed",
    "PreconditionRequired",
    "TooLarge",
    "TooMany",
    "UnderWay",
    "Unsupported",
]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is another than what was seen: what it is, which one, how it was and how it is."""

    what: str
    name: str
    was: str = ""
    now: str = ""


class NotSignedIn(EximError):
    """Nobody is signed in, or not any more."""

    status = 401


class NotForYou(EximError):
    """Who is signed in has no role, or the token no scope, by which the table of routes lets one in."""

    status = 403


class UnderWay(EximError):
    """The same call, by its Idempotency-Key, is being worked on just now."""

    status = 409
    retryable = True


class PreconditionFailed(EximError):
    """What was seen is not what there is; `differences` say what has changed."""

    status = 412

    def __init__(self, message: str, differences: Sequence[Difference] = (), **details: str) -> None:
        super().__init__(message, **details)
        self.differences = tuple(differences)


class TooLarge(EximError):
    """The body is larger than is taken."""

    status = 413


class Unsupported(EximError):
    """The body is of another media type than is taken."""

    status = 415


class KeyReused(EximError):
    """An Idempotency-Key came again with another body."""

    status = 422


class PreconditionRequired(EximError):
    """An act on what was seen has to say what was seen (If-Match)."""

    status = 428


class TooMany(EximError):
    """More calls than one may make in the time."""

    status = 429
    retryable = True

    def __init__(self, message: str, *, after: int = 1) -> None:
        super().__init__(message)
        self.after = after
