"""The matrix as Markdown, for docs/forgery-table.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.trust.forgery.impostors import KINDS
from tests.trust.forgery.matrix import ELSEWHERE, Matrix
from tests.trust.forgery.rights import PEOPLE

__all__ = ["markdown"]

HEAD: Final = """# Who was let do what

Written by `make trust` (tests/trust/forgery), which plays one export and its loans on an embedded ledger; the ordinary
tests fail when this page is no longer what they see. The same matrix is played on real Fabric by
tests/fabric/test_forgery.py. What was expected is tests/trust/forgery/rights.py; what it means is
[security-model.md](security-model.md).

A cell says what was expected, then what the ledger did: `yes` is endorsed; 403 is `NotAuthorized`, 404 `NotFound`, 422
`Refused`. Each row is tried by everybody, nothing on any channel changes, and then its rightful person takes the step
with the same arguments and it is valid; so a refusal is for the person, not for the arguments. The lender is tradebank.
"""

WRITES: Final = """
## Writes, by members' people
"""
FALSE: Final = """
## The same writes, by the rightful person's name on a certificate that is not good

*Under another member's name*: the rightful certificate, said to be of another MSP. *With another key*: the rightful
certificate, signed for with a key that is not its own. *On another channel*: the rightful person himself, on each
channel where this is not done. *Genuine, issued anew* is made as the false ones are, to show what they are refused for.
"""
READS: Final = """
## The lender's private papers, by members' people

`papers`: the answer holds what stands in a private paper; `other`: it does not.
"""


def markdown(writes: Matrix, reads: Matrix) -> str:
    """The whole page."""
    false = [*KINDS, ELSEWHERE]
    parts = [HEAD, WRITES, _table(writes, PEOPLE), FALSE, _table(writes, false), READS, _table(reads, PEOPLE)]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _table(matrix: Matrix, columns: Sequence[str]) -> str:
    lines = ["| channel | function | of | " + " | ".join(columns) + " |", "|---" * (len(columns) + 3) + "|"]
    for (channel, function, thing), cells in matrix.cells.items():
        shown = [" ".join(cells[column]) if column in cells else "-" for column in columns]
        lines.append(f"| {channel} | `{function}` | {thing} | " + " | ".join(shown) + " |")
    return "\n".join(lines)
