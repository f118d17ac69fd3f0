"""`python -m bench.scale`: see the package.

    python -m bench.scale [PART...] [--quick] [--declarations 10000 100000] [--officers 1 8 32 128] [--write] ...

Parts: filing, reading, lending, mixed, synchronising, idle; all unless some are named. Prints the tables; `--json`
writes the figures to a file, `--write` to bench/scale/figures.json and, with the model's, into docs/scale.md.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.scale.ceiling import built
from bench.scale.figures import FIGURES, Measured
from bench.scale.page import PAGE, put_between, tables
from bench.scale.running import PARTS, Run, Sizes
from bench.scale.stage import machine, open_stage, scale_consortium
from eximledger_network import default_consortium
from hlf_client import utc_now
from hlf_network.consortium import Batch
from hlf_network.testing import missing_for

QUICK: Final = Sizes(
    declarations=(2000,), batches=(100,), lanes=(4,), trial=400, points=100, pages=10, officers=(1, 8), loans=(2, 12),
    mixed=(8, 8), half_load=(8, 12), among=(4, 4), one_bank=(4, 6), synchronised=500, exporters=40, ceiling_batches=5,
    idle_seconds=3,
)  # fmt: skip
WHOLE: Final = Sizes()


@dataclass(frozen=True, slots=True)
class Options:
    parts: frozenset[str]
    sizes: Sizes
    fabric: str
    batch: Batch
    workers: int
    as_json: Path | None
    write: bool


def main() -> int:
    options = _options()
    consortium = scale_consortium(options.fabric, options.batch)
    if reason := missing_for(consortium):
        print(f"cannot run here: {reason}", file=sys.stderr)
        return 1
    said = machine()
    with tempfile.TemporaryDirectory() as folder:
        client = built(Path(folder))
        with open_stage(consortium, options.sizes.exporters, options.workers) as (stage, founding):
            run = Run(stage, client, options.sizes, founding, tell=_tell)
            try:
                asyncio.run(run.parts(options.parts))
            finally:
                measured = run.measured(said, f"{utc_now():%Y-%m-%d}")
                _keep(options, measured)
    return 0


def _keep(options: Options, measured: Measured) -> None:
    """Also what a run that broke off has measured."""
    print(tables(measured))
    if options.as_json:
        measured.write(options.as_json)
    if options.write:
        measured.write(FIGURES)
        put_between(PAGE, "measured", tables(measured))


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m bench.scale")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}; all unless given")
    parser.add_argument("--quick", action="store_true", help="small sizes: about two minutes")
    parser.add_argument("--fabric", default=default_consortium().fabric)
    parser.add_argument("--declarations", type=int, nargs="+", help="how many there are when they are read")
    parser.add_argument("--batches", type=int, nargs="+", help="declarations in a transaction, each size tried")
    parser.add_argument("--lanes", type=int, nargs="+", help="transactions under way, for each size; the last is kept")
    parser.add_argument("--trial", type=int, help="declarations that each size is tried with")
    parser.add_argument("--seconds", type=float, help="file on for so long at least, after the last size is reached")
    parser.add_argument("--officers", type=int, nargs="+")
    parser.add_argument("--loans", type=int, nargs="+", help="as many numbers as officers")
    parser.add_argument("--mixed", type=int, nargs=2, metavar=("OFFICERS", "LOANS"))
    parser.add_argument("--pace", type=float, help="declarations a second filed beside them")
    parser.add_argument("--half-load", type=int, nargs=2, metavar=("OFFICERS", "LOANS"),
                        help="officers who look before each step, so long that they make half of the most")  # fmt: skip
    parser.add_argument("--among", type=int, nargs=2, metavar=("OFFICERS", "LOANS"),
                        help="who lends at each number of declarations")  # fmt: skip
    parser.add_argument("--exporters", type=int)
    parser.add_argument("--points", type=int)
    parser.add_argument("--workers", type=int, default=1, help="processes of each chaincode server")
    parser.add_argument("--batch-timeout", default=Batch().timeout, help="when orderers cut a block")
    parser.add_argument("--batch-messages", type=int, default=500)
    parser.add_argument("--batch-bytes", default="2 MiB")
    parser.add_argument("--json", dest="as_json", type=Path, metavar="FILE")
    parser.add_argument("--write", action="store_true", help="into figures.json and docs/scale.md")
    found = parser.parse_args()
    unknown = sorted(set(found.parts) - set(PARTS))
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}: there are {', '.join(PARTS)}")
    sizes = (QUICK if found.quick else WHOLE).with_options(vars(found))
    if len(sizes.officers) != len(sizes.loans) or len(sizes.batches) != len(sizes.lanes):
        parser.error("--loans goes with --officers, --lanes with --batches: as many numbers of each")
    batch = Batch.model_validate(
        {"timeout": found.batch_timeout, "messages": found.batch_messages, "preferred_bytes": found.batch_bytes}
    )
    return Options(
        frozenset(found.parts or PARTS), sizes, found.fabric, batch, found.workers, found.as_json, found.write
    )


if __name__ == "__main__":
    sys.exit(main())
