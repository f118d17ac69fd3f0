"""How a Fabric CA is asked: JSON below /api/v1, an envelope around what it says, a signed token for who asks."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from hlf_client._https import Https
from hlf_client.ca._requests import token
from hlf_client.ca.errors import CaUnavailable, refusal
from hlf_client.identity import Identity

__all__ = ["Conversation", "decoded", "text_of"]

_API: Final = "/api/v1/"


class Conversation:
    """With one authority of one server."""

    def __init__(self, https: Https, name: str) -> None:
        self._https = https
        self._name = name

    def body(self, content: Mapping[str, object]) -> bytes:
        """What is asked, as JSON, of this authority."""
        named = {**content, "caname": self._name} if self._name else dict(content)
        return json.dumps(named).encode()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        doing: str,
        body: bytes | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        identity: Identity | None = None,
    ) -> dict[str, object]:
        """What it says, in the name of `identity` where there is one. Raises `CaError` for a refusal."""
        asked = dict(query or {}) | ({"ca": self._name} if self._name else {})
        whole = f"{_API}{path}" + (f"?{urlencode(asked)}" if asked else "")
        sent = {"Content-Type": "application/json", **(headers or {})}
        if identity is not None:
            sent["Authorization"] = await token(identity, method, self._https.path + whole, body or b"")
        answer = await self._https.ask(method, whole, body=body, headers=sent)
        said = _envelope(answer.body)
        if answer.status >= 300 or said.get("success") is False:
            raise refusal(doing, answer.status, _errors(said))
        result = said.get("result", said)
        if not isinstance(result, dict):
            raise CaUnavailable(f"{doing}: what answers is no Fabric CA", http_status=answer.status)
        return result


def decoded(said: Mapping[str, object], name: str) -> bytes:
    """A field that is base64. Raises `CaUnavailable` where it is missing or none."""
    try:
        return base64.b64decode(text_of(said, name), validate=True)
    except (binascii.Error, ValueError):
        raise CaUnavailable(f"the CA's {name} is not base64") from None


def text_of(said: Mapping[str, object], name: str) -> str:
    """A field that is text; "" where it is missing."""
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _envelope(body: bytes) -> dict[str, object]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _errors(said: Mapping[str, object]) -> list[tuple[int, str]]:
    found, told = [], said.get("errors")
    for each in told if isinstance(told, list) else []:
        if isinstance(each, dict):
            code, message = each.get("code"), each.get("message")
            found.append((code if isinstance(code, int) else 0, str(message)))
    return found
