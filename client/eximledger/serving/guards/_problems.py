"""Errors as RFC 9457 has them: `application/problem+json` that carries all that our typed errors carry."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from starlette.types import Scope

from eximledger.serving.errors import Difference, NotSignedIn, PreconditionFailed, TooMany
from eximledger.serving.guards._watching import request_id
from hlf_client.errors import CommitFailed, Conflict, FabricError, InvalidDocument

__all__ = ["MEDIA_TYPE", "PeerSaid", "Problem", "invalid_request", "problem_of", "problem_response"]

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "/api/v1/problems/"
"""Under which each type of problem is explained."""
_BIG: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class PeerSaid(BaseModel):
    """What one peer answered."""

    address: str
    msp_id: str
    message: str


class Problem(BaseModel):
    """Why something was not done. `type` names the kind of error, `detail` is one sentence for a person."""

    model_config = ConfigDict(frozen=True)

    type: Annotated[str, Field(examples=["/api/v1/problems/refused"])]
    title: Annotated[str, Field(description="The error's class, in words.", examples=["Refused"])]
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: Annotated[str, Field(description="This one occurrence, as the server's log names it.")]
    retryable: Annotated[bool, Field(description="Whether the same call may succeed later, unchanged.")] = False
    field: Annotated[str | None, Field(description="Which part of what was sent is wrong: `lines.0.amount`.")] = None
    reason: Annotated[str | None, Field(description="What is wrong with the field.")] = None
    details: Annotated[dict[str, str], Field(description="What else the error says, for programs.")] = {}
    transaction_id: Annotated[str | None, Field(description="The transaction that failed, where there was one.")] = None
    code: Annotated[str | None, Field(description="Why a transaction does not count (Fabric's code).")] = None
    grpc_code: Annotated[str | None, Field(description="The gateway's status.")] = None
    peers: Annotated[tuple[PeerSaid, ...], Field(description="What each peer said.")] = ()
    differences: Annotated[tuple[Difference, ...], Field(description="With 412: what has changed since.")] = ()


def problem_of(error: FabricError, scope: Scope) -> Problem:
    """The problem of an error that was raised for a request."""
    details = {name: value for name, value in error.details.items() if name not in {"field", "reason"}}
    return Problem(
        type=TYPES + _BIG.sub("-", type(error).__name__).lower(),
        title=_BIG.sub(" ", type(error).__name__),
        status=type(error).status,
        detail=error.message,
        instance=f"urn:uuid:{request_id(scope)}",
        retryable=type(error).retryable and not (isinstance(error, Conflict) and "evidence_hash" in error.details),
        field=error.details.get("field"),
        reason=error.details.get("reason"),
        details=details,
        transaction_id=error.transaction_id or None,
        code=error.code if isinstance(error, CommitFailed) else error.details.get("code"),
        grpc_code=error.grpc_code or None,
        peers=tuple(PeerSaid(address=peer.address, msp_id=peer.msp_id, message=peer.message) for peer in error.peers),
        differences=error.differences if isinstance(error, PreconditionFailed) else (),
    )


def problem_response(problem: Problem, error: FabricError | None = None) -> Response:
    """The problem as an answer, with the headers that its status asks for."""
    response = Response(problem.model_dump_json(exclude_none=True), status_code=problem.status, media_type=MEDIA_TYPE)
    if isinstance(error, NotSignedIn):
        response.headers["WWW-Authenticate"] = 'Bearer realm="eximledger"'
    if problem.retryable:
        response.headers["Retry-After"] = str(error.after if isinstance(error, TooMany) else 1)
    return response


def invalid_request(error: RequestValidationError) -> InvalidDocument:
    """What is wrong with a request, as our error: the first wrong field and how many more there are."""
    problems = error.errors()
    first = problems[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    reason = str(first["msg"]).removeprefix("Value error, ")
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return InvalidDocument(f"{where}: {reason}{more}", field=where, reason=reason)
