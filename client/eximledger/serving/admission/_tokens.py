"""Bearer tokens for programs: scoped, hashed, expiring, made and taken back by the person in whose name they act."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from eximledger.serving._store import Store
from eximledger.serving.admission._secrets import hashed, new_secret
from hlf_client import Clock
from hlf_client.errors import NotFound

__all__ = ["PREFIX", "Scope", "Token", "Tokens"]

PREFIX: Final = "exim_"
"""By which scanners of source code know a token that was published by mistake."""
_NOTED_EVERY: Final = 60.0


class Scope(StrEnum):
    """What a token may be used for; a person who is signed in at a browser may use all."""

    READ = "read"
    PAPERS = "papers"
    """Filing papers, lists, consents."""
    LOANS = "loans"
    """Applying, checking, proposing."""
    DECIDE = "decide"
    """Approving, rejecting, confirming."""
    MEMBER = "member"
    """What a member does among members: business day, policy, votes."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret."""

    id: str
    account: str
    name: str
    scopes: frozenset[Scope]
    made: datetime
    until: datetime
    used: datetime | None = None


_BY_HASH: Final = "SELECT id, account, name, scopes, made, until, used FROM token WHERE hash = ? AND until > ?"
_BY_ACCOUNT: Final = (
    "SELECT id, account, name, scopes, made, until, used FROM token WHERE account = ? ORDER BY made DESC, id"
)


class Tokens:
    """All bearer tokens of the server."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def make(self, account: str, name: str, scopes: Collection[Scope], holds: timedelta) -> tuple[Token, str]:
        """A new token, and its secret, which is told this once."""
        secret, now = PREFIX + new_secret(), self._clock()
        token = Token(secrets.token_hex(8), account, name, frozenset(scopes), now, now + holds)
        said = " ".join(sorted(token.scopes))
        row = (token.id, hashed(secret), account, name, said, now.timestamp(), token.until.timestamp())
        await self._store.run(lambda state: state.execute("INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", row))
        return token, secret

    async def find(self, secret: str) -> Token | None:
        """The token of a secret, where it still holds; it is used by that."""
        now = self._clock().timestamp()

        def work(state: sqlite3.Connection) -> Token | None:
            row = state.execute(_BY_HASH, (hashed(secret), now)).fetchone()
            if row is None:
                return None
            if row[6] is None or now - row[6] >= _NOTED_EVERY:
                state.execute("UPDATE token SET used = ? WHERE id = ?", (now, row[0]))
            return _token(row)

        return await self._store.run(work) if secret.startswith(PREFIX) else None

    async def of(self, account: str) -> list[Token]:
        """The tokens of an account, the newest first."""

        def work(state: sqlite3.Connection) -> list[Token]:
            return [_token(row) for row in state.execute(_BY_ACCOUNT, (account,))]

        return await self._store.run(work)

    async def revoke(self, account: str, token_id: str) -> None:
        """Take a token back. Raises `NotFound` where the account has none of that id."""

        def work(state: sqlite3.Connection) -> int:
            return state.execute("DELETE FROM token WHERE account = ? AND id = ?", (account, token_id)).rowcount

        if not await self._store.run(work):
            raise NotFound(f"there is no token {token_id}", id=token_id)


def _token(row: tuple[str, str, str, str, float, float, float | None]) -> Token:
    identity, account, name, scopes, made, until, used = row
    return Token(
        id=identity,
        account=account,
        name=name,
        scopes=frozenset(Scope(each) for each in scopes.split()),
        made=_moment(made),
        until=_moment(until),
        used=None if used is None else _moment(used),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
