"""`python -m bench.model`: see the package.

    python -m bench.model [--figures FILE] [--banks 300] [--declarations 100e6] [--decisions 50] [--write]

Prints the tables; `--write` puts them into docs/scale.md.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from bench.model.costs import costs_of
from bench.model.demand import COUNTRY, NODE
from bench.model.page import model_tables
from bench.scale.figures import FIGURES, Measured
from bench.scale.page import PAGE, put_between


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.model")
    parser.add_argument("--figures", type=Path, default=FIGURES)
    parser.add_argument("--banks", type=int, default=COUNTRY.banks)
    parser.add_argument("--declarations", type=float, default=COUNTRY.declarations_a_year, help="a year")
    parser.add_argument("--decisions", type=float, default=COUNTRY.decisions_a_second, help="a second, at the peak")
    parser.add_argument("--cores", type=int, default=NODE.cores, help="of a node")
    parser.add_argument("--write", action="store_true", help="into docs/scale.md")
    options = parser.parse_args()
    peak = COUNTRY.declarations_a_second * options.declarations / COUNTRY.declarations_a_year
    country = replace(
        COUNTRY, banks=options.banks, declarations_a_year=options.declarations, declarations_a_second=peak,
        decisions_a_second=options.decisions,
    )  # fmt: skip
    text = model_tables(country, costs_of(Measured.read(options.figures)), replace(NODE, cores=options.cores))
    print(text)
    if options.write:
        put_between(PAGE, "model", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
