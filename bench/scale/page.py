"""The measured tables in Markdown, and where a page keeps what is generated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.scale.figures import CeilingRun, Growth, Latency, LendingRun, Measured
from bench.scale.usage import CPU_OF, whole

__all__ = ["PAGE", "ceiling_of", "put_between", "table", "tables"]

PAGE: Final = Path(__file__).parents[2] / "docs" / "scale.md"


def put_between(page: Path, name: str, text: str) -> None:
    """Replace what stands on a page between `<!-- name: begin -->` and its end. Raises ValueError where it has none."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{page.name} has no part {name}")
    page.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def tables(measured: Measured) -> str:
    """All that was measured."""
    founding = measured.founding
    said = [f"Measured on {measured.measured_on}: {measured.machine}."]
    if founding:
        said.append(
            f"Fabric {founding.fabric}, four members, three orderers, three channels; blocks after {founding.batch}; "
            f"chaincode servers of {founding.workers} process{'es' if founding.workers > 1 else ''}."
        )
    parts = [" ".join(said) + "\n"]
    parts += [_filing(measured)] if measured.filing else []
    parts += [_reading(measured)] if measured.reading else []
    parts += [_lending(measured), _steps(measured)] if measured.lending else []
    parts += [_growth(measured.growth)] if measured.growth else []
    return "\n".join(parts)


def ceiling_of(measured: Measured, of: str, workers: int, *, reads: bool = True) -> CeilingRun | None:
    """The ceiling of one kind with so many at once; of loans, of the newest run."""
    found = [each for each in measured.ceilings if (each.of, each.workers, each.has_reads) == (of, workers, reads)]
    return found[-1] if found else None


def _filing(measured: Measured) -> str:
    rows = []
    for each in measured.filing:
        rates = f"{min(each.rates):,.0f} to {max(each.rates):,.0f}" if len(each.rates) > 1 else ""
        rows.append([
            f"{each.declarations:,} by {each.batch:,}, {each.lanes} at a time, after {each.before:,}",
            f"{each.per_second:,.0f}", _times(each.transaction), rates, str(each.failed),
            *_cpu(each.cpu, each.declarations),
        ])  # fmt: skip
    for ceiling in (each for each in measured.ceilings if each.of == "filing"):
        kind = "bytes alone" if ceiling.has_reads else "bytes alone, nothing read"
        count = ceiling.sequences * ceiling.items
        rows.append([
            f"{kind}: {count:,} by {ceiling.items:,}, {ceiling.workers} at a time, among {ceiling.among:,}",
            f"{ceiling.per_second:,.0f}",
            _times(ceiling.transaction), "", str(ceiling.failures), *_cpu(ceiling.cpu, count),
        ])  # fmt: skip
    headings = ["declarations filed", "a second", "transaction p50 / p99 / p99.9", "by tenths", "failed",
                *(f"{part}, CPU ms each" for part in CPU_OF)]  # fmt: skip
    return table(headings, rows)


def _reading(measured: Measured) -> str:
    rows = [
        [
            f"{each.declarations:,}", _ms(each.point), _ms(each.floor) if each.floor else "", _ms(each.page),
            _ms(each.exporter_page), f"{each.points_per_second:,.0f}", _ms(each.point_at_once),
            f"{1000 * whole(each.cpu) / each.queries:.2f}",
        ]
        for each in measured.reading
    ]  # fmt: skip
    many = measured.reading[0].at_once
    headings = ["among", "one by its number, p50 / p99 / p99.9 ms", "its bytes alone", "a page of 20 of all",
                "of one exporter's", f"a second with {many} at once", f"p50 / p99 / p99.9 ms with {many}",
                "CPU ms each"]  # fmt: skip
    return table(headings, rows)


def _lending(measured: Measured) -> str:
    rows = []
    for each in measured.lending:
        ceiling = None if each.looking or each.among else ceiling_of(measured, "loans", each.officers)
        ratio = f"{each.per_second / ceiling.per_second:.0%}" if ceiling and not each.filed else ""
        rows.append([
            _whose(each), f"{each.finished:,}", str(len(each.failed)), _rate(each),
            f"{ceiling.per_second:.2f}" if ceiling and not each.filed else "", ratio, _repeated(each),
            *_cpu(each.cpu, each.finished, digits=0),
            f"{1000 * whole(ceiling.cpu) / ceiling.sequences:.0f}" if ceiling and not each.filed else "",
        ])  # fmt: skip
    headings = ["officers", "loans", "failed", "a second", "bytes alone", "ratio", "repeated",
                *(f"{part}, CPU ms each" for part in CPU_OF), "all, bytes alone"]  # fmt: skip
    return table(headings, rows)


def _rate(run: LendingRun) -> str:
    """Officers who look begin one by one, so their mean is not what they came to."""
    middle = f" ({run.middle_per_second:.2f} in its middle half)" if run.looking and run.middle_per_second else ""
    return f"{run.per_second:.2f}{middle}"


def _whose(run: LendingRun) -> str:
    beside = f", beside {run.filed:,} declarations filed" if run.filed else ""
    among = f", among {run.among:,} declarations" if run.among else ""
    looking = f", looking {run.looking:g} s before each step" if run.looking else ""
    return f"{run.officers}{among}{beside}{looking}" + (f", all of {run.bank}" if run.bank else "")


def _steps(measured: Measured) -> str:
    names, nothing = list(measured.lending[0].steps), Latency.of([])
    rows = [
        [
            _whose(each),
            *(_times(each.steps[name]) for name in names),
            _times(each.transactions.get("loans:check", nothing)),
        ]
        for each in measured.lending
    ]
    headings = ["officers", *(f"{name}, p50 / p99 / p99.9" for name in names), "loans:check, its transaction alone"]
    return table(headings, rows)


def _growth(grown: Sequence[Growth]) -> str:
    names = list(dict.fromkeys(part for each in grown for parts in each.peers.values() for part in parts))
    rows = [
        [f"a {each.of} (of {each.count:,})", peer, *(f"{parts.get(name, 0) / each.count:,.0f}" for name in names),
         f"{sum(parts.values()) / each.count:,.0f}"]
        for each in grown
        for peer, parts in sorted(each.peers.items())
    ]  # fmt: skip
    return table(["bytes of", "at the peer of", *names, "all"], rows)


def _repeated(run: LendingRun) -> str:
    words = [f"{function} {anew} + {void}" for function, (anew, void) in run.repeated.items()]
    return "; ".join(words) or "nothing"


def _times(latency: Latency) -> str:
    return f"{latency.p50:.2f} / {latency.p99:.2f} / {latency.p999:.2f} s"


def _ms(latency: Latency) -> str:
    return f"{1000 * latency.p50:.1f} / {1000 * latency.p99:.1f} / {1000 * latency.p999:.1f}"


def _cpu(used: Mapping[str, float], count: int, digits: int = 2) -> list[str]:
    return [f"{1000 * used.get(part, 0.0) / max(1, count):.{digits}f}" for part in CPU_OF]
