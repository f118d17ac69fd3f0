"""Who is signed in; the tokens that the person's programs use; what was done under the person's name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, status
from pydantic import BaseModel, ConfigDict, Field

from eximledger.api._asking import Body
from eximledger.api._guarded import Guarded, Me, Server, Signed
from eximledger.serving.admission import Scope, Token
from eximledger.serving.guards import AuditLine
from eximledger.serving.officers import Standing
from eximledger_chaincode.lending.roles import Person
from hlf_client.errors import InvalidDocument

__all__ = ["router"]

router: Final = APIRouter(tags=["account"], route_class=Guarded)


class Who(BaseModel):
    """A person as the ledger and as this server know it."""

    account: str
    title: str
    person: Person
    member: str
    standings: frozenset[Standing]
    signed_in_by: str
    scopes: frozenset[Scope] | None


class TokenSeen(BaseModel):
    """A token without its secret."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    name: str
    scopes: frozenset[Scope]
    made: datetime
    until: datetime
    used: datetime | None


class TokenMade(BaseModel):
    """A token, and its secret, which is shown this once."""

    token: TokenSeen
    secret: str


class TokenAsked(Body):
    """What a program may do in the person's name, and for how long."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$", examples=["core banking"])]
    scopes: Annotated[frozenset[Scope], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=366)] = 30


class AuditPage(BaseModel):
    """Lines of the audit log, the newest first; `before` asks for the next ones, None at the end."""

    lines: tuple[AuditLine, ...]
    before: int | None


@router.get("/me")
async def who_am_i(me: Me, who: Signed) -> Who:
    """Who is signed in, as what, and in whose name this acts."""
    return Who(
        account=me.account.name,
        title=me.account.called,
        person=me.person,
        member=me.member,
        standings=me.standings,
        signed_in_by=who.how,
        scopes=who.scopes,
    )


@router.get("/me/tokens", response_model=list[TokenSeen])
async def list_tokens(me: Me, server: Server) -> list[Token]:
    """The person's tokens, the newest first."""
    return await server.tokens.of(me.account.name)


@router.post("/me/tokens", status_code=status.HTTP_201_CREATED)
async def make_token(me: Me, server: Server, asked: TokenAsked) -> TokenMade:
    """Make a token. A token makes none: somebody has to be signed in."""
    if asked.days > server.settings.token_days:
        longest = server.settings.token_days
        raise InvalidDocument(f"a token holds {longest} days at most", field="days", reason="is too long")
    made, secret = await server.tokens.make(me.account.name, asked.name, asked.scopes, timedelta(days=asked.days))
    return TokenMade(token=TokenSeen.model_validate(made), secret=secret)


@router.delete("/me/tokens/{token_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_token(me: Me, server: Server, token_id: Annotated[str, Path(pattern="^[0-9a-f]{16}$")]) -> None:
    """Take a token back; from now on it opens nothing."""
    await server.tokens.revoke(me.account.name, token_id)


@router.get("/me/audit")
async def own_audit(
    me: Me,
    server: Server,
    before: Annotated[int, Query(ge=0, lt=2**63, description="Goes on below a line.")] = 0,
    size: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AuditPage:
    """What was done, or tried, under the person's name on this server."""
    found = await server.audit.lines(account=me.account.name, before=before, most=size)
    return AuditPage(lines=tuple(line for _, line in found), before=found[-1][0] if len(found) == size else None)
