"""The error tree: one root, and below it only what a caller can act on.

FabricError
├── InvalidDocument      the input is wrong: names the field and the reason (400)
├── NotAuthorized        this identity may not do this (403)
├── NotFound             the key, document or transaction is not there (404)
├── Conflict             the state has moved on: read again and retry (409)
├── Refused              the rules of the trade or of the loan's life forbid it (422)
├── NotSupported         this ledger cannot do it at all (501)
├── (a contract's own)   any subclass of these: it comes back as itself where the client has imported it, else as what
│                        its status says
└── (client)             EndorsementFailed, CommitFailed, LedgerUnavailable, NetworkError

A peer keeps only the status and the message of an error response, so the typed error travels as JSON in the message
(`to_message`, `from_message`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

__all__ = [
    "Conflict",
    "FabricError",
    "InvalidDocument",
    "NotAuthorized",
    "NotFound",
    "NotSupported",
    "PeerRefusal",
    "Refused",
    "from_message",
]


@dataclass(frozen=True, slots=True)
class PeerRefusal:
    """One peer's refusal, in its own words."""

    address: str
    msp_id: str
    message: str


_BY_NAME: dict[str, dict[tuple[str, str], type[FabricError]]] = {}
"""Every class that travels, by its name and then by where it was defined."""


class FabricError(Exception):
    """Root of every error that this software raises on purpose.

    `status` is the chaincode response status (HTTP-like), `retryable` says whether the same call can succeed later
    without a change by the caller, `details` are short, loggable values (never document contents).

    Where a ledger refused a call, `transaction_id` names it and `peers` holds what each peer said; on Fabric
    `grpc_code` is the gateway's status by name. They stay with the client: a contract's error does not carry them.
    """

    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    travels: ClassVar[bool] = True
    """Whether a contract raises it, so that an answer of its name is one. Not for what clients alone raise."""
    grpc_code: str = ""
    peers: tuple[PeerRefusal, ...] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not 400 <= cls.status <= 599:
            raise TypeError(
                f"{cls.__qualname__}: an error's status is 400 to 599: peers take anything less as a result"
            )
        if cls.travels:
            _BY_NAME.setdefault(cls.__name__, {})[cls.__module__, cls.__qualname__] = cls

    def __init__(self, message: str, **details: str) -> None:
        self.message = _sayable(message)
        super().__init__(self.message)
        self.details: dict[str, str] = {name: _sayable(value) for name, value in details.items()}
        self.transaction_id = self.details.get("transaction_id", "")

    def __str__(self) -> str:
        return self.message

    def to_message(self) -> str:
        """The error as the JSON text that travels in a chaincode response."""
        body: dict[str, object] = {"error": type(self).__name__, "message": self.message}
        if self.details:
            body["details"] = self.details
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class InvalidDocument(FabricError):
    """The input is not what it must be. `field` is a dotted path (`lines.0.amount`), `reason` one sentence."""

    status = 400

    def __init__(self, message: str, *, field: str = "", reason: str = "", **details: str) -> None:
        if field:
            details["field"] = field
        if reason:
            details["reason"] = reason
        super().__init__(message, **details)

    @property
    def field(self) -> str:
        return self.details.get("field", "")

    @property
    def reason(self) -> str:
        return self.details.get("reason", "") or self.message


class NotAuthorized(FabricError):
    """The creator's organisation, role or certificate may not do this."""

    status = 403


class NotFound(FabricError):
    """What was asked for is not on the ledger."""

    status = 404


class Conflict(FabricError):
    """The ledger's state has changed since it was read, or another transaction got there first."""

    status = 409
    retryable = True


class Refused(FabricError):
    """Well-formed and authorised, but the rules forbid it: a step out of order, a verdict that does not support it."""

    status = 422


class NotSupported(FabricError):
    """This ledger cannot do it at all: a rich query where the state is kept in LevelDB."""

    status = 501


_BY_STATUS: dict[int, type[FabricError]] = {
    error.status: error for error in (InvalidDocument, NotAuthorized, NotFound, Conflict, Refused, NotSupported)
}


def from_message(status: int, message: str) -> FabricError:
    """The typed error that a chaincode response carries; a plain `FabricError` when it is not one of ours."""
    text, details, error = message, {}, _BY_STATUS.get(status, FabricError)
    try:
        body = json.loads(message)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        text = body["message"]
        error = _named(str(body.get("error")), status) or error
        raw = body.get("details")
        details = {str(key): str(value) for key, value in raw.items()} if isinstance(raw, dict) else {}
    restored = error.__new__(error)  # a class of one's own may want other arguments than the text
    FabricError.__init__(restored, text)
    restored.details.update({_sayable(name): _sayable(value) for name, value in details.items()})
    return restored


def _named(name: str, status: int) -> type[FabricError] | None:
    """The class of a name that this process knows; none where several are named so and the status does not tell."""
    if name == FabricError.__name__:
        return FabricError
    found = [error for error in _BY_NAME.get(name, {}).values() if error.status == status]
    return found[0] if len(found) == 1 else None


def _sayable(text: str) -> str:
    """The text without lone surrogates: JSON and YAML can name them, nothing can print or send them."""
    return text.encode(errors="replace").decode()
