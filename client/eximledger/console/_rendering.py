"""Templates as pages: escaped, in the reader's language, and without what would turn or hide a line."""

from __future__ import annotations

from functools import lru_cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from eximledger.console._here import Here
from eximledger.words import field_name, kind_name, word
from eximledger_chaincode.documents import shown

__all__ = ["rendered"]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("eximledger.console"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_seen,
    )  # fmt: skip


def _seen(value: object) -> object:
    if isinstance(value, Markup):
        return value
    return shown(value) if isinstance(value, str) else "" if value is None else value


def rendered(here: Here, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """A page."""
    known = {
        "here": here,
        "w": partial(word, language=here.language),
        "k": partial(kind_name, language=here.language),
        "f": partial(field_name, language=here.language),
    }
    text = _environment().get_template(f"{template}.html.j2").render(known | values)
    return HTMLResponse(text, status_code=status)
