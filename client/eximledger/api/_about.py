"""What anybody may ask: whether the server is up, the description of the interface, what a type of problem means."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel

from eximledger.api._guarded import Guarded, Server
from eximledger.serving import errors
from hlf_client import errors as ledger_errors
from hlf_client.errors import FabricError, NotFound

__all__ = ["router"]

router: Final = APIRouter(tags=["about"], route_class=Guarded)


class Health(BaseModel):
    """That the server answers."""

    status: str = "up"


class ProblemType(BaseModel):
    """A type of problem, what it means, and its status."""

    name: str
    meaning: str
    status: int
    retryable: bool


def _types() -> dict[str, ProblemType]:
    found = [
        getattr(module, name) for module in (errors, ledger_errors) for name in module.__all__ if name[0].isupper()
    ]
    classes = [each for each in found if isinstance(each, type) and issubclass(each, FabricError)]
    return {
        name_of(each): ProblemType(
            name=name_of(each),
            meaning=(each.__doc__ or "").split("\n")[0],
            status=each.status,
            retryable=each.retryable,
        )
        for each in classes
    }


def name_of(error: type[FabricError]) -> str:
    """The last part of a problem's type."""
    return "".join(f"-{each.lower()}" if each.isupper() else each for each in error.__name__).lstrip("-")


_TYPES: Final = _types()


@router.get("/health")
async def health() -> Health:
    """Whether the server answers. It says nothing of the ledger."""
    return Health()


@router.get("/openapi.json", include_in_schema=False)
async def describe(request: Request, _server: Server) -> dict[str, Any]:
    """The interface's description, as OpenAPI."""
    found: dict[str, Any] = await asyncio.to_thread(request.app.openapi)
    return found


@router.get("/problems/{name}")
async def explain_problem(name: Annotated[str, Path(max_length=60, examples=["refused"])]) -> ProblemType:
    """What a type of problem means."""
    if name not in _TYPES:
        raise NotFound(f"there is no problem {name}", name=name)
    return _TYPES[name]
