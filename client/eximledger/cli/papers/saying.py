"""What became of papers in tables and in JSON, and what of their files is in none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.desk import Filed
from eximledger.filing import Summary
from eximledger.formats import Reading
from eximledger.words import place_name, remark
from eximledger_chaincode.documents import Document

__all__ = ["note_unmapped", "papers_table", "read_table", "readings_json", "summary_view"]

_EXAMPLES: Final = 3
"""Of parts of a paper that are in no document, so many are named on a terminal; --json names all."""
_REASONS: Final = 20
"""So many reasons are shown to a person; --json names all."""


def papers_table(output: Output, filed: Iterable[Filed]) -> RenderableType:
    """Papers as the ledger now has them."""
    return output.table(
        ("Kind", "Number", "Version", "State"),
        [
            (output.word(one.entry.kind), one.entry.number, str(one.entry.version), output.word(one.change.value))
            for one in filed
        ],
    )


def read_table(output: Output, documents: Iterable[Document]) -> RenderableType:
    """Papers as they were read."""
    rows = [(output.word(one.KIND), one.number, one.dated.isoformat() if one.dated else "") for one in documents]
    return output.table(("Kind", "Number", "Dated"), rows)


def summary_view(output: Output, summary: Summary) -> list[RenderableType]:
    """What a run over many files came to, and its refusals by reason."""
    counts = [("Files", summary.files), ("Read", summary.read)]
    counts += [(change.capitalize(), number) for change, number in sorted(summary.papers.items())]
    counts += [("Known", summary.known), ("Refused", summary.refused)]
    facts = [(name, f"{number:,}") for name, number in counts if number]
    facts.append(("Time", f"{summary.seconds:,.1f} s, {summary.per_second:,.0f} /s"))
    if summary.unmapped:
        said = ", ".join(f"{number:,} {cause}" for cause, number in sorted(summary.unmapped.items()))
        facts.append(("In no paper", said))
    parts: list[RenderableType] = [output.facts(facts)]
    if summary.refusals:
        rows = [
            (each.reason, f"{each.files:,}", ", ".join(Path(name).name for name in each.examples[:_EXAMPLES]))
            for each in summary.refusals[:_REASONS]
        ]
        parts += ["", output.table(("Reason", "Files", "Such as"), rows)]
    return parts


def readings_json(readings: Iterable[tuple[Path, Reading]], filed: list[Filed]) -> list[dict[str, object]]:
    """What each file gave, as JSON says it: its documents in order, and what of it is in none."""
    rest = iter(filed)
    answer: list[dict[str, object]] = []
    for path, reading in readings:
        documents = [
            {"kind": one.KIND, "number": one.number, "id": one.id} | _change(next(rest, None))
            for one in reading.documents
        ]
        answer.append({
            "file": str(path), "format": reading.format, "documents": documents,
            "unmapped": [
                {"path": part.path, "reason": part.reason, "cause": part.cause.value, "values": part.values}
                for part in reading.unmapped
            ],
        })  # fmt: skip
    return answer


def _change(filed: Filed | None) -> dict[str, object]:
    return {} if filed is None else {"version": filed.entry.version, "change": filed.change.value}


def note_unmapped(output: Output, readings: Iterable[tuple[Path, Reading]]) -> None:
    """Say on standard error what of each file no paper holds."""
    for path, reading in readings:
        if not reading.unmapped:
            continue
        counted = Counter(part.cause.value for part in reading.unmapped)
        causes = ", ".join(f"{number} {cause}" for cause, number in sorted(counted.items()))
        output.note(f"{path.name}: {causes}; --json names all")
        for part in reading.unmapped[:_EXAMPLES]:
            output.note(f"  {place_name(part.path, output.language)}: {remark(part.reason, output.language)}")
