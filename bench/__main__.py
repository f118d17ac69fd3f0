"""`python -m bench [NAME...] [--quick] [--json]`: the embedded ledger and the desk, each figure beside its limit."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench import embedded
from bench._figures import Figure, print_figures
from bench.filing import filing
from bench.importing import importing

Benchmark = Callable[[Path, bool], Awaitable[list[Figure]]]


async def _submits(folder: Path, quick: bool) -> list[Figure]:
    alone = await embedded.submits(folder, count=300 if quick else 2000, in_flight=1)
    return alone + await embedded.submits(folder, count=2000 if quick else 20_000, in_flight=64)


BENCHMARKS: dict[str, Benchmark] = {
    "reads": lambda folder, quick: embedded.reads(folder, count=2000 if quick else 20_000),
    "submits": _submits,
    "imports": lambda folder, quick: embedded.imports(folder, count=10_000 if quick else 100_000),
    "filing": lambda folder, quick: filing(folder, count=2000 if quick else 10_000),
    "checks": lambda folder, quick: embedded.checks(folder, count=50 if quick else 200),
    "importing": lambda _folder, quick: importing(count=5 if quick else 15),
    "scale": lambda folder, quick: embedded.scale(folder, sizes=(1000, 20_000 if quick else 1_000_000)),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHMARKS)}; all of them unless given"
    )
    parser.add_argument("--quick", action="store_true", help="smaller numbers: seconds instead of minutes")
    parser.add_argument("--json", dest="as_json", action="store_true", help="print one JSON document")
    parser.add_argument("--folder", type=Path, help="a folder on the disk to measure; the system's for temporary files")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}: there are {', '.join(BENCHMARKS)}")
    print_figures(asyncio.run(_run(options.names or list(BENCHMARKS), options)), as_json=options.as_json)


async def _run(names: list[str], options: argparse.Namespace) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            figures += await BENCHMARKS[name](Path(folder), options.quick)
    return figures


if __name__ == "__main__":
    main()
