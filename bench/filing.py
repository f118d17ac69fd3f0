"""Filing many UBL invoices: read and filed on the embedded ledger, beside parsing their XML alone; and its memory."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from xml.etree.ElementTree import fromstring

from bench._figures import Figure
from bench._papers import DONGYU
from eximledger.desk import LoanDesk
from eximledger.filing import Journal, Progress, Summary, file_many
from eximledger.testing import exim_ledger

__all__ = ["filing"]

_MODEL = DONGYU / "eximbank" / "invoice-DY-CI-260327-01.xml"
_NUMBER = "DY-CI-260327-01"
_A_MINUTE = 10_000
_PAGE = 4096


async def filing(folder: Path, *, count: int) -> list[Figure]:
    """By the processor's time of one core, for a machine that does something else beside."""
    files = _write(folder / "invoices", count)
    parsing = _parsed(files)
    memory: list[tuple[int, float]] = []
    with contextlib.closing(exim_ledger(folder / "exim.db")) as network:
        desk = LoanDesk(network.connect("eximbank"))
        with Journal(folder / "exim.db.filed", ["bench"]) as journal:
            await file_many(desk, files[:500], journal=journal)  # what is loaded once
            started = time.process_time()
            summary = await file_many(desk, files, journal=journal, on_progress=lambda at: _remember(memory, at))
            seconds = time.process_time() - started
            known, again = await _again(desk, files, journal)
        await network.finish()
    done = count - 500
    assert summary.papers == {"new": done}, summary
    late = memory[-1][1]
    early = next(mebibytes for at, mebibytes in memory if at >= count // 4)
    return [
        Figure(
            f"read and file {count:,} UBL invoices", 60 * done / seconds, "/min of a core", 60 * count / parsing,
            "/min, their XML parsed alone", ">= 10,000", 60 * done / seconds >= _A_MINUTE,
        ),
        Figure(f"know {count:,} filed ones again", 60 * known.files / again, "/min of a core"),
        Figure("memory at the end", late, "MiB", early, "MiB at a quarter", "flat", late < 1.3 * early),
    ]  # fmt: skip


async def _again(desk: LoanDesk, files: list[Path], journal: Journal) -> tuple[Summary, float]:
    started = time.process_time()
    summary = await file_many(desk, files, journal=journal)
    return summary, time.process_time() - started


def _write(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    text = _MODEL.read_text(encoding="utf-8")
    paths = [folder / f"{number:06}.xml" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(text.replace(_NUMBER, f"DY-{number:06}"), encoding="utf-8")
    return paths


def _parsed(files: list[Path]) -> float:
    started = time.process_time()
    for path in files:
        fromstring(path.read_bytes())
    return time.process_time() - started


def _remember(memory: list[tuple[int, float]], at: Progress) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    memory.append((at.done, pages * _PAGE / 2**20))
