"""`python -m tests.trust.visibility`: what every member sees now, or the table of the page.

python -m tests.trust.visibility            every leak on a new embedded ledger, by fact, member and place
python -m tests.trust.visibility --page     docs/security-model.md's table, from the test's expectation
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.trust.visibility.looking.gathering import gather
from tests.trust.visibility.matrix import leaks, unseen
from tests.trust.visibility.page import PAGE, with_section
from tests.trust.visibility.places.embedded import EmbeddedVenue
from tests.trust.visibility.planted.story import played


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.trust.visibility", description=__doc__)
    parser.add_argument("--page", action="store_true", help="only write the page")
    if parser.parse_args().page:
        PAGE.write_text(with_section(PAGE.read_text()))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_report(Path(folder) / "visible.db"))


async def _report(path: Path) -> int:
    venue = EmbeddedVenue(path)
    try:
        planted = await played(venue)
        gathered = await gather(venue, planted)
    finally:
        venue.close()
    found = leaks(gathered)
    for fact, seer in sorted(found.seen):
        print(f"{fact}: {seer}", *found.listed(fact, seer), sep="\n    ")  # noqa: T201
    for fact, member in unseen(gathered, planted):
        print(f"{fact}: {member} does not see what it should")  # noqa: T201
    sys.stdout.flush()
    return 1 if found.seen else 0


if __name__ == "__main__":
    raise SystemExit(main())
