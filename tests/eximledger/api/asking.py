"""Every operation of the interface, with values that pass for its path, so that each may be called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

import httpx

METHODS: Final = ("get", "post", "put", "patch", "delete")
IN_PATH: Final = {
    "loan_id": "NO-SUCH-LOAN", "sha256": "0" * 64, "token_id": "0" * 16, "list_id": "NONE", "name": "refused",
    "declaration_number": "790020260000000000",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str
    keyed: bool

    @property
    def url(self) -> str:
        return self.path.format(**IN_PATH)


async def operations(client: httpx.AsyncClient) -> list[Operation]:
    """What the interface says of itself."""
    described = cast("dict[str, Any]", (await client.get("/api/v1/openapi.json")).json())
    return [
        Operation(
            said["operationId"],
            method,
            path,
            any(each["name"] == "Idempotency-Key" for each in said.get("parameters", ())),
        )
        for path, methods in described["paths"].items()
        for method, said in methods.items()
        if method in METHODS
    ]
