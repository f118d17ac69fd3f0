"""What stands before and behind every route: headers, limits, the audit log, and errors as problem+json."""

from __future__ import annotations

from eximledger.serving.guards._audit import Audit, AuditLine
from eximledger.serving.guards._faults import Faults
from eximledger.serving.guards._headers import SecurityHeaders
from eximledger.serving.guards._limits import BodyLimit, Rates
from eximledger.serving.guards._problems import Problem, invalid_request, problem_of, problem_response
from eximledger.serving.guards._watching import SAFE_METHODS, Watching, note_route, note_signed, request_id

__all__ = [
    "SAFE_METHODS",
    "Audit",
    "AuditLine",
    "BodyLimit",
    "Faults",
    "Problem",
    "Rates",
    "SecurityHeaders",
    "Watching",
    "invalid_request",
    "note_route",
    "note_signed",
    "problem_of",
    "problem_response",
    "request_id",
]
