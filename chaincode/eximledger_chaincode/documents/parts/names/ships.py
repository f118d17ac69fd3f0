"""Ships and voyages as papers call them, made comparable: MV EVER GLEAM and M/V Ever Gleam, 018W and Voy. 018W."""

from __future__ import annotations

import re
from typing import Final

from eximledger_chaincode.documents.parts.names.spelling import compared_name, compared_number

__all__ = ["same_ship", "same_voyage", "without_sort"]

_SORT: Final = re.compile(r"(?:M\s*[/.]?\s*[VTS]|S\s*/\s*S|M\.V\.|M\.T\.)[\s.:]+(?=\S)", re.IGNORECASE)
"""What stands before a ship's name for what sort of ship it is: M/V, MT."""
_CALLED: Final = re.compile("^(?:VOYAGE|VOY|V)(?:NO)?(?=[0-9])")


def without_sort(name: str) -> str:
    """A ship's name without what sort of ship it is."""
    found = _SORT.match(name)
    return name[found.end() :] if found else name


def same_ship(name: str) -> str:
    """A ship's name as two papers are compared by it."""
    return compared_name(without_sort(name.strip()))


def same_voyage(number: str) -> str:
    """A voyage's number as two papers are compared by it."""
    return _CALLED.sub("", compared_number(number), count=1)
