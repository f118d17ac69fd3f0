"""`python -m bench.corpora FOLDER [--json] [--verbose]`: read, refused and wrong by suite, each a folder in FOLDER."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.corpora.comparing import Verdict, compare
from bench.corpora.files import SUFFIXES


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.corpora", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", dest="as_json", action="store_true", help="print one JSON document")
    parser.add_argument("--verbose", action="store_true", help="name every file that is refused or wrong")
    options = parser.parse_args()
    suites = {path.name: list(_verdicts(path)) for path in sorted(options.folder.iterdir()) if path.is_dir()}
    if options.as_json:
        print(json.dumps({name: _counts(verdicts) for name, verdicts in suites.items()}, indent=2))
    else:
        _print(suites, verbose=options.verbose)
    sys.exit(1 if any(each.outcome == "wrong" for verdicts in suites.values() for each in verdicts) else 0)


def _verdicts(suite: Path) -> Iterator[Verdict]:
    for path in sorted(suite.rglob("*")):
        if path.is_file() and path.suffix.lower() in SUFFIXES:
            yield compare(path)


def _counts(verdicts: list[Verdict]) -> dict[str, object]:
    counts: Counter[str] = Counter(each.outcome for each in verdicts)
    claimed = counts["read"] + counts["refused"] + counts["wrong"]
    return {
        "files": len(verdicts), "claimed": claimed, "read": counts["read"], "refused": counts["refused"],
        "wrong": counts["wrong"], "other": counts["other"],
        "reasons": _reasons(verdicts, "refused"), "differences": _reasons(verdicts, "wrong"),
        "others": dict(Counter(each.what for each in verdicts if each.outcome == "other").most_common()),
    }  # fmt: skip


def _reasons(verdicts: list[Verdict], outcome: str) -> dict[str, int]:
    found = Counter(
        re.sub(r"\[[0-9]+\]|[0-9]+", "…", reason)
        for each in verdicts
        if each.outcome == outcome
        for reason in each.reasons
    )
    return dict(found.most_common())


def _print(suites: dict[str, list[Verdict]], *, verbose: bool) -> None:
    print(f"{'suite':16}{'files':>7}{'claimed':>9}{'read':>7}{'refused':>9}{'wrong':>7}{'other':>7}")
    for name, verdicts in suites.items():
        counts = _counts(verdicts)
        numbers = "".join(
            f"{counts[key]!s:>{width}}"
            for key, width in (("files", 7), ("claimed", 9), ("read", 7), ("refused", 9), ("wrong", 7), ("other", 7))
        )
        print(f"{name:16}{numbers}")
        for outcome in ("wrong", "refused"):
            for reason, count in _reasons(verdicts, outcome).items():
                print(f"    {outcome} {count:>4}  {reason}")
        if verbose:
            for each in verdicts:
                if each.outcome in {"wrong", "refused"}:
                    print(f"    {each.outcome} {each.path}: {'; '.join(each.reasons)[:400]}")


main()
