"""A measured figure beside its limit, and how it is printed."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

__all__ = ["Figure", "machine", "print_figures"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`; `limit` is what the same work costs at least, or at most, in the same unit and run."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    of: str = ""
    """What the limit is."""
    aim: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float | None:
        return None if not self.limit else self.value / self.limit


def machine() -> str:
    """What the figures were measured on."""
    return (
        f"{os.cpu_count()} cores {platform.machine()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def print_figures(figures: Sequence[Figure], *, as_json: bool) -> None:
    """A table for a person, or one JSON document."""
    if as_json:
        body = {"machine": machine(), "figures": [asdict(one) | {"ratio": one.ratio} for one in figures]}
        print(json.dumps(body, indent=2))
        return
    table = Table(box=None, title=machine(), title_justify="left")
    for heading in ("", "measured", "limit", "ratio", "aim", ""):
        table.add_column(heading, justify="right" if heading in {"measured", "limit", "ratio"} else "left")
    for one in figures:
        limit = "" if one.limit is None else f"{one.limit:,.4g} {one.of}"
        ratio = "" if one.ratio is None else f"{one.ratio:.0%}"
        met = "" if one.met is None else ("met" if one.met else "missed")
        table.add_row(one.name, f"{one.value:,.4g} {one.unit}", limit, ratio, one.aim, met)
    Console(width=150).print(table)
