"""What each field of a document means: the text beneath it in its model, else what the table beside this module says.

The table stands here and not with the models, for their text decides the id of a rule set, and no rule reads it.
"""

from __future__ import annotations

import ast
import csv
import inspect
import io
import textwrap
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import BaseModel

__all__ = ["described_fields", "description_of", "table_of_fields"]

_ANY: Final = "*"
"""In place of a model: the field means the same wherever it stands, unless a model's own row says more."""


@cache
def table_of_fields() -> dict[tuple[str, str], str]:
    """Descriptions by model and field."""
    text = files(__package__).joinpath("fields.csv").read_text(encoding="utf-8")
    return {(row["model"], row["field"]): row["description"] for row in csv.DictReader(io.StringIO(text))}


@cache
def described_fields(model: type[BaseModel]) -> dict[str, str]:
    """The description of each field of a model that has one."""
    found: dict[str, str] = {}
    for field in model.model_fields:
        if (said := description_of(model, field)) is not None:
            found[field] = said
    return found


def description_of(model: type[BaseModel], field: str) -> str | None:
    """The nearest of its model and those that it is made from."""
    table = table_of_fields()
    owners = [each for each in model.__mro__ if issubclass(each, BaseModel) and field in each.model_fields]
    for owner in owners:
        if (said := _beneath(owner).get(field) or table.get((owner.__name__, field))) is not None:
            return said
    return table.get((_ANY, field))


@cache
def _beneath(model: type[BaseModel]) -> dict[str, str]:
    """The texts that stand beneath the fields of a model's own source; none where there is no source."""
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    except (OSError, TypeError, SyntaxError):
        return {}
    if not isinstance(body, ast.ClassDef):
        return {}
    found: dict[str, str] = {}
    for statement, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            text = after.value if isinstance(after, ast.Expr) else None
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                found[statement.target.id] = " ".join(inspect.cleandoc(text.value).split())
    return found
