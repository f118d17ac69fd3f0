"""The console's own files under addresses that change with their content, so that browsers keep them for good."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Final

from starlette.responses import Response

from eximledger.console._pages import pages
from hlf_client.errors import NotFound

__all__ = ["assets", "static_url"]

_TYPES: Final = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}
_PATH: Final = "/console-static"

assets: Final = pages()


@lru_cache
def _content(name: str) -> bytes:
    return files("eximledger.console").joinpath("static", name).read_bytes()


@lru_cache
def static_url(name: str) -> str:
    """A file's address: a part of its hash is in it."""
    return f"{_PATH}/{hashlib.sha256(_content(name)).hexdigest()[:12]}/{name}"


@assets.get(f"{_PATH}/{{version}}/{{name}}")
async def static(version: str, name: str) -> Response:
    """One of the console's files. Needs nobody signed in: the page that asks for a sign-in has them, too."""
    if name not in _TYPES or static_url(name) != f"{_PATH}/{version}/{name}":
        raise NotFound(f"there is no {name} here")
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(_content(name), media_type=_TYPES[name], headers=kept)
