"""The kinds of paper that come as tables: ONE table. A new one is a table of columns, a builder and a row here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from eximledger.formats.tables.papers.contracts import contract_of
from eximledger.formats.tables.papers.declarations import declaration_of
from eximledger.formats.tables.papers.invoices import invoice_of
from eximledger.formats.tables.papers.kind import TableKind
from eximledger.formats.tables.papers.packing_lists import packing_list_of

__all__ = ["TABLES", "TABLE_KINDS"]

_NAMED: Final = frozenset({"description", "hs_code"})
_PACKED: Final = frozenset({"packages", "gross_weight_kg", "net_weight_kg", "line_volume_m3"})


def _title(words: str) -> re.Pattern[str]:
    """What a sheet or a line over its goods calls the paper, compared."""
    return re.compile(rf"(?:{words})s?(?:\s*[/(]?\s*(?:{words})\s*\)?)?")


_ROWS: Final = (
    TableKind(
        "declaration", ("declaration_number",), (frozenset({"hs_code"}), frozenset({"amount"})),
        _title("报关单|出口货物报关单|export declaration"), declaration_of, in_form=False, sums_up=False,
    ),
    TableKind(
        "invoice", ("invoice_number",), (_NAMED, frozenset({"amount"})),
        _title("(?:commercial )?invoice|inv|ci|(?:商业)?发票"), invoice_of,
    ),
    TableKind(
        "packing-list", ("list_number", "invoice_numbers"), (_NAMED, _PACKED),
        _title("packing list|packing|pl|装箱单|箱单"), packing_list_of, of_lines={
            "total_packages": "packages", "total_gross_weight_kg": "gross_weight_kg",
            "total_net_weight_kg": "net_weight_kg", "volume_m3": "line_volume_m3",
        },
    ),
    TableKind(
        "contract", ("contract_number",), (_NAMED, frozenset({"amount"})),
        _title("(?:sales |purchase )?contract|sales confirmation|sc|s/c|(?:销售|外销|购销)?合同"), contract_of,
    ),
)  # fmt: skip

TABLES: Final[Mapping[str, TableKind]] = {row.kind: row for row in _ROWS}
TABLE_KINDS: Final = tuple(TABLES)
"""The kinds of paper that come as tables, and have a template."""
