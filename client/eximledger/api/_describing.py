"""The OpenAPI of the interface: what the framework makes of the routes, with what it cannot know put right."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import compile_path

from eximledger.api._table import OPEN, TABLE

__all__ = ["describing", "methods_at"]

_ABOUT: Final = """Export finance on one consortium ledger, for programs.

Every call acts in the name of the person whose token, session or client certificate it carries, with that person's own
key. Decisions are read from the ledger; lists, searches and figures from the member's mirror, which waits up to a
second for what was written just before. Errors are `application/problem+json`. An act with an `Idempotency-Key` is done
once, however often it is sent."""

_PROOFS: Final = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token that the person has made."},
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-exim", "description": "A browser's session."},
    "certificate": {"type": "mutualTLS", "description": "A client certificate of the person's."},
}


def describing(application: FastAPI) -> None:
    """Have the application describe itself so."""

    def described() -> dict[str, Any]:
        if application.openapi_schema is None:
            application.openapi_schema = _described(application)
        return application.openapi_schema

    application.openapi = described  # type: ignore[method-assign]  # the framework's own way to say it


def methods_at(application: FastAPI, path: str) -> frozenset[str]:
    """Which methods the description has for a path."""
    for pattern, operations in application.openapi()["paths"].items():
        if compile_path(pattern)[0].match(path):
            return frozenset(method.upper() for method in operations)
    return frozenset()


def _described(application: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title="eximledger", version=version("eximledger"), summary="Export finance on one consortium ledger",
        description=_ABOUT, routes=application.routes,
    )  # fmt: skip
    found["components"]["securitySchemes"] = _PROOFS
    for operations in found["paths"].values():
        for operation in operations.values():
            _put_right(operation)
    for unused in ("HTTPValidationError", "ValidationError"):
        found["components"]["schemas"].pop(unused, None)
    return _called_shortly(found)


def _called_shortly(description: dict[str, Any]) -> dict[str, Any]:
    """Two classes of one name are told apart by the modules that they are of, not by all the way to them: a generated
    client has classes of these names."""
    text = json.dumps(description)
    for long in description["components"]["schemas"]:
        module, _, name = long.rpartition("__")
        if module:
            text = text.replace(long, module.rpartition("__")[2].title() + name)
    short: dict[str, Any] = json.loads(text)
    return short


def _put_right(operation: dict[str, Any]) -> None:
    name = operation["operationId"] = _name(operation["operationId"])
    operation["security"] = [] if name in OPEN else [{"token": []}, {"session": []}, {"certificate": []}]
    for status, answer in operation["responses"].items():
        if int(status) >= 400:
            answer["content"] = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if name in TABLE:
        row = TABLE[name]
        operation["x-who"] = sorted(row.who)
        operation["x-scope"] = row.scope and row.scope.value


def _name(operation_id: str) -> str:
    """The function's own name: the framework adds the path to it."""
    return next(name for name in (*OPEN, *TABLE) if operation_id.startswith(f"{name}_api_v1"))
