"""An OpenID provider for tests: it lets in whom the test names, and can be made to answer wrongly."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from hlf_client import utc_now

ISSUER: Final = "https://id.test"
CLIENT: Final = "eximledger"


@dataclass(slots=True)
class FakeProvider:
    """`claims` stand above what a sound token says; `sign_with` signs in place of the published key."""

    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1"}))
    claims: dict[str, Any] = field(default_factory=dict)
    sign_with: ECKey | None = None
    issuer: str = ISSUER
    asked: dict[str, str] = field(default_factory=dict)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    def let_in(self, url: str) -> dict[str, str]:
        """What the browser brings back, of the address that it was sent to."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        return {"code": "a-code", "state": self.asked["state"], "iss": self.issuer}

    def answer(self, request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/.well-known/openid-configuration":
                places = {"authorization_endpoint": "/go", "token_endpoint": "/token", "jwks_uri": "/keys"}
                return httpx.Response(
                    200, json={"issuer": self.issuer} | {name: ISSUER + path for name, path in places.items()}
                )
            case "/keys":
                return httpx.Response(200, json=KeySet([self.key]).as_dict(private=False))
            case "/token":
                return self._token({name: values[0] for name, values in parse_qs(request.content.decode()).items()})
        return httpx.Response(404)

    def _token(self, said: dict[str, str]) -> httpx.Response:
        digest = hashlib.sha256(said["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != self.asked["code_challenge"] or said["redirect_uri"] != self.asked["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        now = int(utc_now().timestamp())
        claims = {
            "iss": ISSUER, "aud": CLIENT, "sub": "u-117", "groups": ["exim-makers"], "iat": now, "exp": now + 300,
            "nonce": self.asked["nonce"],
        } | self.claims  # fmt: skip
        token = jwt.encode({"alg": "ES256", "kid": str(self.key.kid)}, claims, self.sign_with or self.key)
        return httpx.Response(200, content=json.dumps({"id_token": token, "access_token": "x", "token_type": "Bearer"}))
