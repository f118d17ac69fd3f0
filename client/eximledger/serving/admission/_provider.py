"""OpenID Connect: the authorization code flow with PKCE, against one provider."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, Field, ValidationError

from eximledger.serving._settings import Oidc
from eximledger.serving._store import Store
from eximledger.serving.admission._secrets import csrf_of, hashed, new_secret, same
from eximledger.serving.errors import NotSignedIn
from hlf_client import Clock
from hlf_client.errors import LedgerUnavailable

__all__ = ["Claims", "HttpClient", "Provider"]

HttpClient = Callable[[], httpx.AsyncClient]

_ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with the provider's own key; never a MAC, whose key a client has, too."""
_FLOW_SECONDS: Final = 600.0
_LEEWAY: Final = 60


class _Discovered(BaseModel):
    issuer: str
    authorization_endpoint: Annotated[str, Field(pattern="^https://")]
    token_endpoint: Annotated[str, Field(pattern="^https://")]
    jwks_uri: Annotated[str, Field(pattern="^https://")]


class _Answered(BaseModel):
    id_token: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider says of somebody."""

    subject: str
    groups: frozenset[str]


class Provider:
    """One provider. A flow is bound to the browser that began it: by a cookie that has a secret of its own."""

    def __init__(self, oidc: Oidc, *, answer_url: str, store: Store, clock: Clock, http: HttpClient) -> None:
        self._oidc = oidc
        self._answer_url = answer_url
        self._store = store
        self._clock = clock
        self._http = http
        self._discovered: _Discovered | None = None
        self._keys: KeySet | None = None

    async def begin(self) -> tuple[str, str]:
        """Where to send the browser, and the secret of its flow."""
        found = await self._discover()
        secret, nonce, verifier = new_secret(), new_secret(), new_secret()
        until = self._clock().timestamp() + _FLOW_SECONDS

        def work(state: sqlite3.Connection) -> None:
            state.execute("DELETE FROM flow WHERE until <= ?", (until - _FLOW_SECONDS,))
            state.execute("INSERT INTO flow VALUES (?, ?, ?, ?)", (hashed(secret), nonce, verifier, until))

        await self._store.run(work)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urlencode({
            "response_type": "code", "client_id": self._oidc.client_id, "redirect_uri": self._answer_url,
            "scope": self._oidc.scopes, "state": csrf_of(secret), "nonce": nonce,
            "code_challenge": challenge, "code_challenge_method": "S256",
        })  # fmt: skip
        return f"{found.authorization_endpoint}?{query}", secret

    async def finish(self, secret: str, answer: Mapping[str, str]) -> Claims:
        """Who came back, by the provider's answer to the flow of a secret. Raises `NotSignedIn` where it is no proof,
        `LedgerUnavailable` where the provider cannot be asked."""
        flow = await self._take(secret)
        if flow is None or not same(answer.get("state", ""), csrf_of(secret)):
            raise NotSignedIn("this sign-in was not begun here, or too long ago: begin again")
        found = await self._discover()
        if answer.get("iss", found.issuer) != found.issuer:
            raise NotSignedIn("the answer is another identity provider's")
        if "error" in answer or not answer.get("code"):
            raise NotSignedIn("the identity provider did not let you in")
        nonce, verifier = flow
        return await self._claims(await self._exchange(found, answer["code"], verifier), nonce)

    async def _take(self, secret: str) -> tuple[str, str] | None:
        now = self._clock().timestamp()

        def work(state: sqlite3.Connection) -> tuple[str, str] | None:
            row = state.execute(
                "DELETE FROM flow WHERE hash = ? RETURNING nonce, verifier, until", (hashed(secret),)
            ).fetchone()
            return None if row is None or row[2] <= now else (str(row[0]), str(row[1]))

        return await self._store.run(work)

    async def _exchange(self, found: _Discovered, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self._answer_url,
            "client_id": self._oidc.client_id, "code_verifier": verifier,
        }  # fmt: skip
        authentication: httpx.Auth = httpx.Auth()
        if self._oidc.client_secret_file is not None:
            authentication = httpx.BasicAuth(self._oidc.client_id, self._oidc.client_secret_file.read_text().strip())
        try:
            async with self._http() as client:
                answer = await client.post(found.token_endpoint, data=form, auth=authentication)
        except httpx.HTTPError as error:
            raise _silent(error) from None
        if answer.status_code != httpx.codes.OK:
            raise NotSignedIn("the identity provider does not take its own code")
        try:
            return _Answered.model_validate_json(answer.content).id_token
        except ValidationError:
            raise NotSignedIn("the identity provider says not who you are") from None

    async def _claims(self, id_token: str, nonce: str) -> Claims:
        claims = await self._verified(id_token)
        now = int(self._clock().timestamp())
        registry = jwt.JWTClaimsRegistry(
            now=lambda: now,
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._oidc.issuer},
            aud={"essential": True, "value": self._oidc.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise NotSignedIn(f"the identity provider's token does not hold: {error.error}") from None
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._oidc.client_id:
            raise NotSignedIn("the identity provider's token is for another program, too")
        subject, groups = claims.get(self._oidc.subject_claim), claims.get(self._oidc.groups_claim, [])
        if not isinstance(subject, str) or not subject:
            raise NotSignedIn(f"the identity provider says no {self._oidc.subject_claim}")
        named = frozenset(each for each in groups if isinstance(each, str)) if isinstance(groups, list) else frozenset()
        return Claims(subject, named)

    async def _verified(self, id_token: str) -> dict[str, object]:
        """The claims of a token that is signed by one of the provider's keys: of those known, or as they are now."""
        for fresh in (False, True):
            if fresh or self._keys is None:
                self._keys = await self._fetch_keys()
            try:
                return dict(jwt.decode(id_token, self._keys, algorithms=_ALGORITHMS).claims)
            except (JoseError, ValueError):
                continue
        raise NotSignedIn("the identity provider's token is not signed by it")

    async def _fetch_keys(self) -> KeySet:
        found = await self._discover()
        try:
            return KeySet.import_key_set((await self._get(found.jwks_uri)).json())
        except (ValueError, KeyError, TypeError, JoseError):
            raise LedgerUnavailable("the identity provider's keys cannot be read") from None

    async def _discover(self) -> _Discovered:
        if self._discovered is None:
            place = f"{self._oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
            try:
                found = _Discovered.model_validate_json((await self._get(place)).content)
            except ValidationError:
                raise LedgerUnavailable("the identity provider describes itself in no known way") from None
            if found.issuer != self._oidc.issuer:
                raise LedgerUnavailable("the identity provider says it is another")
            self._discovered = found
        return self._discovered

    async def _get(self, url: str) -> httpx.Response:
        try:
            async with self._http() as client:
                answer = await client.get(url)
                answer.raise_for_status()
        except httpx.HTTPError as error:
            raise _silent(error) from None
        return answer


def _silent(error: httpx.HTTPError) -> LedgerUnavailable:
    return LedgerUnavailable(f"the identity provider did not answer: {type(error).__name__}")
