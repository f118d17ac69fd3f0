"""A Fabric CA's refusals: each is one of the client's errors, with the CA's own code and words.

CaError              what every one of them is
├── CaNotAuthorized  a wrong secret, a token that does not hold, a right that is missing (401, 403)
├── CaNotFound       an identity, affiliation or authority that it does not know (404)
├── CaRefused        anything else that is the asker's to change, such as a name that is registered already
└── CaUnavailable    the CA failed by itself, or what answers is none
"""

from __future__ import annotations

from hlf_client.errors import FabricError, LedgerUnavailable, NotAuthorized, NotFound, Refused

__all__ = ["CaError", "CaNotAuthorized", "CaNotFound", "CaRefused", "CaUnavailable", "refusal"]


class CaError(FabricError):
    """A refusal. `code` is the CA's own number (its documentation lists them), `http_status` how it came, `said` its
    words."""

    def __init__(self, message: str, *, code: int = 0, http_status: int = 0, said: str = "") -> None:
        super().__init__(message)
        self.code, self.http_status, self.said = code, http_status, said


class CaNotAuthorized(CaError, NotAuthorized):
    """Whoever asks may not."""


class CaNotFound(CaError, NotFound):
    """The CA does not know what was asked for."""


class CaRefused(CaError, Refused):
    """The CA will not do it."""


class CaUnavailable(CaError, LedgerUnavailable):
    """The CA cannot answer now."""


_FAULTS = frozenset({502, 503, 504})
"""What proxies and stopping servers say; the CA itself answers 500 to much that its asker can change."""


def refusal(doing: str, http_status: int, errors: list[tuple[int, str]]) -> CaError:
    """The error for an answer that says no; `errors` are its codes and messages."""
    code, said = errors[0] if errors else (0, "")
    kind: type[CaError] = CaRefused
    if http_status in {401, 403}:
        kind = CaNotAuthorized
    elif http_status == 404:
        kind = CaNotFound
    elif http_status in _FAULTS or not errors:
        kind = CaUnavailable
    words = f"{said} (code {code})" if errors else f"it answers {http_status}, and not as a Fabric CA does"
    return kind(f"{doing}: {words}", code=code, http_status=http_status, said=said)
