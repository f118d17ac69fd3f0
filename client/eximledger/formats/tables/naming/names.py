"""The names of a kind's columns: which field a header names, and what stands in it beside that name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from eximledger.formats.tables.measures import measure_of
from eximledger.formats.tables.naming.column import COUNTED, MONEY, Column, Holds, Stands

__all__ = ["Vocabulary"]

_LONGEST_NAME: Final = 200
"""Characters; what is longer is no name of a column."""
_CODED: Final = frozenset({
    Holds.STATUS, Holds.SUPERVISION_MODE, Holds.TRANSACTION_MODE, Holds.TRANSPORT_MODE, Holds.CURRENCY, Holds.UNIT,
    Holds.PORT, Holds.COUNTRY,
})  # fmt: skip
"""Columns that may be called those of a code or of a name."""
_FORE: Final = ("申报", "成交", "商品", "货物", "报关", "海关", "出口", "*")
"""Words that systems put before a column's name and that say nothing more."""
_WITHIN: Final = r"[\s._/\\\-]{0,3}"
"""What `_compared` takes out between the characters of a name."""


def _compared(name: str) -> str:
    return re.sub(r"[\s()\[\]【】:：*._/#\\\-]", "", unicodedata.normalize("NFKC", name)).casefold()


class Vocabulary:
    """What the columns of one kind of paper are called, alone or in two languages (`报关单号 / Declaration No.`)."""

    __slots__ = ("_counted", "_fields", "columns")

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = {column.field: column for column in columns}
        self._fields = {
            _compared(name): column.field
            for column in self.columns.values()
            for name in (*column.chinese, *column.english)
        }
        counted = (pair for pair in self._fields.items() if self.counts(pair[1]))
        self._counted = sorted(
            (pair for pair in counted if not pair[0].endswith(("kg", "千克"))), key=lambda pair: -len(pair[0])
        )

    def counts(self, field: str) -> bool:
        """Whether the field's numbers count in something."""
        return self.columns[field].holds in COUNTED

    def is_money(self, field: str) -> bool:
        return self.columns[field].holds in MONEY

    def is_weight(self, field: str) -> bool:
        return self.columns[field].holds is Holds.WEIGHT

    def is_quantity(self, field: str) -> bool:
        return self.columns[field].holds is Holds.QUANTITY

    def stands(self, field: str) -> Stands:
        return self.columns[field].stands

    def field_of(self, header: str) -> str | None:
        """The field that a column's header names, or None."""
        return _field_of(self, header)

    def is_whole_name(self, header: str) -> bool:
        """Whether a header is one of a field's names and nothing more."""
        return _compared(header) in self._fields

    def beside(self, header: str, field: str) -> tuple[str, ...]:
        """What stands in a header beside the names of its field: `单价 Unit price (USD/pc)` has `USD/pc`."""
        if self._fields.get(_compared(header)) == field:
            return ()
        text = unicodedata.normalize("NFKC", header)
        within = re.findall(r"[(\[【]([^()\[\]【】]*)[)\]】]", text)
        around = re.sub(r"[(\[【][^()\[\]【】]*[)\]】]", "\n", text)
        pieces = [
            *(part for piece in re.split(r"[|\n;]", around) for part in self._without_names(piece, field)),
            *within,
        ]
        return tuple(piece.strip() for piece in pieces if piece.strip() and self._named(piece) != field)

    def _without_names(self, piece: str, field: str) -> list[str]:
        """The piece less every name of the field that is written in it."""
        if self._named(piece) == field:
            return []
        for name, own in self._counted:
            found = re.search(_WITHIN.join(map(re.escape, name)), piece, re.IGNORECASE) if own == field else None
            if found is not None:
                rest = (piece[: found.start()], piece[found.end() :])
                parts = [part for each in rest if (part := each.strip(" /:-*._"))]
                return [one for part in parts for one in self._without_names(part, field)]
        return [] if piece in _FORE else [piece]

    def _named(self, text: str) -> str | None:
        """The field of this name, with or without the words that say nothing before it."""
        name = _compared(text)
        while name:
            if (field := self._fields.get(name)) is not None:
                return field
            stem = name.removesuffix("代码").removesuffix("名称")
            field = self._fields.get(stem) if stem != name else None
            if field is not None and self.columns[field].holds in _CODED:
                return field
            fore = next((word for word in _FORE if name.startswith(word)), None)
            if fore is None:
                return None
            name = name.removeprefix(fore)
        return None

    def _found(self, header: str) -> str | None:
        if (field := self._named(header)) is not None:
            return field
        text = unicodedata.normalize("NFKC", header)
        pieces = [*re.split(r"[/|\n()]", text), re.sub(r"\(.*?\)", "", text)]
        pieces += ["".join(re.findall(r"[\u4e00-\u9fff]+", text)), " ".join(re.findall(r"[A-Za-z/.]+", text))]
        found = {field for piece in pieces if (field := self._named(piece)) is not None}
        if found:
            return found.pop() if len(found) == 1 else None
        return self._measured(text)

    def _measured(self, text: str) -> str | None:
        """The field of a name that something is written against: `总价人民币`, `USD amount`, `毛重吨`."""
        compared = _compared(text)
        for name, field in self._counted:
            if compared.startswith(name) or compared.endswith(name):
                said = [measure_of(part) for part in self.beside(text, field)]
                if all(said) and any(each is not None and each.says_something for each in said):
                    return field
        return None


@lru_cache(maxsize=16384)
def _field_of(vocabulary: Vocabulary, header: str) -> str | None:
    return vocabulary._found(header) if len(header) <= _LONGEST_NAME else None
