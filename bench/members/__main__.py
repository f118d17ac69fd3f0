"""`python -m bench.members`: see the package.

    python -m bench.members [--banks 300] [--seats 6] [--fabric 3.1.5] [--embedded | --peers] [--json]
                            [--write]

`--seats` banks run a peer, beside SAFE and customs; the others are members without one. `--embedded` and `--peers` do
one half only.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bench._figures import Figure, print_figures
from bench.members import onembedded, onpeers
from bench.members.consortium import on_fabric
from bench.scale.figures import FIGURES, Measured
from eximledger_network import default_consortium
from hlf_network.testing import missing_for


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.members")
    parser.add_argument("--banks", type=int, default=300)
    parser.add_argument("--seats", type=int, default=6)
    parser.add_argument("--fabric", default=default_consortium().fabric)
    halves = parser.add_mutually_exclusive_group()
    halves.add_argument("--embedded", action="store_true", help="the embedded ledger only")
    halves.add_argument("--peers", action="store_true", help="real peers only")
    parser.add_argument("--json", dest="as_json", action="store_true")
    parser.add_argument("--write", action="store_true", help="what a private key costs, into bench/scale/figures.json")
    options = parser.parse_args()
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        if not options.peers:
            found += asyncio.run(onembedded.figures(Path(folder), sizes=(2, options.banks)))
        if not options.embedded:
            if reason := missing_for(on_fabric(options.banks, options.seats, options.fabric)):
                print(f"cannot run on peers here: {reason}", file=sys.stderr)
                return 1
            found += onpeers.figures(Path(folder), options.banks, options.seats, options.fabric)
    print_figures(found, as_json=options.as_json)
    if options.write:
        taken = next(each.value for each in found if each.name == onpeers.PRIVATE_KEY)
        measured = Measured.read()
        known = measured.private_key | {str(options.banks): taken / 1000}
        replace(measured, private_key=known).write(FIGURES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
