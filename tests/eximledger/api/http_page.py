"""The tables of docs/http.md, as the settings and the table of routes make them.

python -m tests.eximledger.api.http_page    writes them into the page
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, get_args

from fastapi import FastAPI

from eximledger.api import TABLE
from eximledger.serving import Settings, application
from eximledger.serving.officers import Standing

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "http.md"
_SHOWN: Final = {"ledger": "embedded:exim.db"}


def tables() -> dict[str, str]:
    """The two tables by their marks."""
    app = application(Settings(officer="eximbank/maker"))
    return {"settings": _settings(), "routes": _routes(app)}


def written(text: str) -> str:
    """The page with the tables as they are now."""
    for mark, table in tables().items():
        block = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.DOTALL)
        text = block.sub(lambda found, table=table: f"{found[1]}\n{table}\n\n{found[2]}", text)  # type: ignore[misc]
    return text


def _settings() -> str:
    rows = ["| setting | default |", "|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "", ()) else str(field.default)
        optional = type(None) in get_args(field.annotation)
        rows.append(f"| `{name}` | {default or ('none' if optional else '')} |")
    return "\n".join(rows)


def _routes(app: FastAPI) -> str:
    heads = [standing.value for standing in Standing]
    rows = [f"| method | path | {' | '.join(heads)} | scope |", f"|---|---|{'---|' * len(heads)}---|"]
    for path, methods in app.openapi()["paths"].items():
        for method, said in methods.items():
            if (row := TABLE.get(said["operationId"])) is not None:
                marks = ["x" if each in row.who else "" for each in Standing]
                scope = "none" if row.scope is None else row.scope.value
                rows.append(f"| {method.upper()} | `{path.removeprefix('/api/v1')}` | {' | '.join(marks)} | {scope} |")
    return "\n".join(rows)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
