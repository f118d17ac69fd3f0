"""What a form is by its title, `CREDIT NOTE` or `形式发票`, and whether it says that it does not stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from eximledger.formats.tables import codes
from eximledger.formats.tables.sheets import Cell
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Titles"]

_VOID: Final = re.compile(
    r"\b(?:cancell?ed|void(?:ed)?|draft|specimen|superseded|withdrawn)\b|作废|作廢|草稿|草案", re.IGNORECASE
)
_STANDS_NOT: Final = "says that the paper is a draft or cancelled: send the one that stands"
_OTHER_TYPE: Final = "is the title of another type of invoice than is said elsewhere"
_PLAIN: Final = "380"
_LONGEST: Final = 60
_AROUND: Final = " -–—()[]*:：.!/"
_NUMBER: Final = re.compile(r"\s*(?:no|number|nr|num|号码?|编号)?\s*[.:：#]*\s*$", re.IGNORECASE)


class Titles:
    """The texts over a table, with the name of its sheet. Raises `InvalidDocument` where one says that the paper does
    not stand, or where they say two types."""

    def __init__(self, cells: Iterable[Cell], sheet: str, own: re.Pattern[str]) -> None:
        self.type: str | None = None
        """Of an invoice, UN/EDIFACT 1001; None where it is an invoice and no more."""
        for cell in (*cells, Cell(f"sheet {sheet}", sheet)):
            text = unicodedata.normalize("NFKC", cell.text).strip(_AROUND)
            if len(text) > _LONGEST or cell.number is not None:
                continue
            rest = _VOID.sub("", text).strip(_AROUND)
            code = codes.invoice_type(rest) if rest else None
            named = code is not None or own.fullmatch(" ".join(rest.split()).casefold())
            if rest != text and (named or (not rest and text != sheet)):
                raise InvalidDocument(f"{cell.where} {_STANDS_NOT}", field=cell.where, reason=_STANDS_NOT)
            if code is not None and code != _PLAIN:
                self._add(code, cell.where)

    def _add(self, code: str, where: str) -> None:
        if self.type not in (None, code):
            raise InvalidDocument(f"{where} {_OTHER_TYPE}", field=where, reason=_OTHER_TYPE)
        self.type = code

    def add_name(self, name: str, where: str) -> None:
        """What the name of a number says: `形式发票号`."""
        code = codes.invoice_type(_NUMBER.sub("", unicodedata.normalize("NFKC", name).strip()))
        if code is not None and code != _PLAIN:
            self._add(code, where)
