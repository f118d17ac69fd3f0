"""`python -m tests.trust.mutation`: run the mutants, or write the page of what became of them.

python -m tests.trust.mutation                          all that the results do not tell of yet
python -m tests.trust.mutation --module lending/claim   of one module
python -m tests.trust.mutation --every 4                one in four, drawn by their places
python -m tests.trust.mutation --in-place               without those of tables and models that importing reads
python -m tests.trust.mutation --page                   docs/mutants.md from the results and the reasons
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.trust.mutation.page import write_page
from tests.trust.mutation.plan import MODULES, TESTS
from tests.trust.mutation.results import RESULTS
from tests.trust.mutation.running import run

import eximledger_chaincode


def main() -> int:
    options = _parser().parse_args()
    base = Path(eximledger_chaincode.__file__).parent
    modules = {module: base / f"{module}.py" for module in MODULES}
    if not options.page:
        chosen = {module: modules[module] for module in options.module or MODULES}
        if status := run(
            chosen,
            options.tests or TESTS,
            options.results,
            every=options.every,
            budget=options.budget,
            reach=options.reach,
            imports_anew=not options.in_place,
            again=options.again,
        ):
            return status
    write_page(options.results, modules, options.to)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.trust.mutation", description=__doc__)
    parser.add_argument("--module", action="append", choices=MODULES, default=[])
    parser.add_argument("--tests", action="append", default=[], help="files or folders of tests in the place of all")
    parser.add_argument("--every", type=int, default=1, help="one in so many")
    parser.add_argument("--again", action="store_true", help="those that lived without a known reason, no other")
    parser.add_argument("--in-place", action="store_true", help="only what takes no importing anew, which takes long")
    parser.add_argument("--budget", type=float, default=30, help="seconds of CPU of tests that a mutant meets")
    parser.add_argument("--reach", type=Path, help="which test runs what: read where it tells of all, else written")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--to", type=Path, default=Path("docs/mutants.md"))
    parser.add_argument("--page", action="store_true", help="only write the page")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
