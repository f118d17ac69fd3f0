"""Writes the synchronous API from the asynchronous classes' source; `--check` says where the two differ.

A twin delegates to the asynchronous object that it holds and waits on the background loop (`hlf_client.sync._loop`).
`sync_modules` names what has one; methods, signatures and docstrings are read from the source, nothing of the project
is imported. What cannot be said without asyncio is an error with its place, never left out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Final

from async_source import Sources, Untranslatable
from sync_modules import MODULES, SyncModule
from sync_writer import Homes, Page, Writer

__all__ = ["main", "written"]

ROOT: Final = Path(__file__).resolve().parents[1]
ROOM: Final = "client"


def written(modules: Sequence[SyncModule], root: Path) -> dict[Path, str]:
    """The text of each module of twins, by its path. Raises `Untranslatable`."""
    sources = Sources(root)
    homes: Homes = {twin.of: (module, twin) for module in modules for twin in module.twins}
    return {_path(module, root): _text(module, sources, homes) for module in modules}


def _path(module: SyncModule, root: Path) -> Path:
    return root / ROOM / (module.name.replace(".", "/") + ".py")


def _text(module: SyncModule, sources: Sources, homes: Homes) -> str:
    page = Page()
    bodies = [Writer(page, sources, homes, module, twin).write() for twin in module.twins]
    read = dict.fromkeys(sources.of(twin)[0].path.relative_to(sources.root).as_posix() for twin in module.twins)
    typing_only = page.statements(typing_only=True)
    lines = [
        *(
            "# " + line
            for line in textwrap.wrap(f"Made by tools/async_to_sync.py; do not edit. From {' and '.join(read)}.", 118)
        ),
        f'"""{module.about}"""',
        "from __future__ import annotations",
        *page.statements(typing_only=False),
        *(["from typing import TYPE_CHECKING", "if TYPE_CHECKING:"] if typing_only else []),
        *(f"    {statement}" for statement in typing_only),
        f"\n__all__ = {sorted(twin.name for twin in module.twins)!r}",
        *bodies,
    ]
    return _formatted("\n".join(lines) + "\n", f"{ROOM}/{module.name.replace('.', '/')}.py")


def _formatted(text: str, path: str) -> str:
    for command in (["check", "--quiet", "--fix", "--select", "I"], ["format", "--quiet"]):
        words = [sys.executable, "-m", "ruff", *command, "--stdin-filename", path, "-"]
        text = subprocess.run(words, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return text


def main(argv: Sequence[str] | None = None, *, modules: Sequence[SyncModule] = MODULES, root: Path = ROOT) -> int:
    """Write what differs, or with `--check` show it; the process's exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail, and show how, where a file differs")
    checking = bool(parser.parse_args(argv).check)
    try:
        texts = written(modules, root)
    except Untranslatable as error:
        print(error, file=sys.stderr)
        return 1
    differing = 0
    for path, text in texts.items():
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        if before == text:
            continue
        differing += 1
        name = path.relative_to(root).as_posix()
        if checking:
            sys.stdout.writelines(
                unified_diff(before.splitlines(True), text.splitlines(True), name, "as the source has it")
            )
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    if checking and differing:
        print(f"{differing} synchronous modules differ from the asynchronous source: run `make sync`", file=sys.stderr)
    return int(checking and differing > 0)


if __name__ == "__main__":
    sys.exit(main())
