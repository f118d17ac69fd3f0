"""Console blocks of Markdown pages, typed as they stand and compared with what is printed.

A line `$ export NAME=VALUE` sets the environment, `$ cat > FILE <<'END'` writes a file, `$ mv FILE FILE` moves one, and
`$ eximledger ...` is run. In a command `…` stands for the last long hexadecimal name that was printed, in an answer for
anything on its line; an answer's line `...` stands for any number of lines.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Command", "Console", "commands", "matches"]

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"\b[0-9a-f]{40,64}\b")


@dataclass(frozen=True)
class Command:
    """A line that is typed, the lines typed into it, and the lines that must be answered."""

    line: str
    text: tuple[str, ...]
    answer: tuple[str, ...]


def commands(page: Path) -> Iterator[Command]:
    """Every command of the page's console blocks, in their order."""
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, *rest = part.splitlines()
            while line.endswith("\\"):
                line = line[:-1] + rest.pop(0).strip()
            end = rest.index("END") if line.endswith("<<'END'") else -1
            yield Command(line, tuple(rest[:end]) if end >= 0 else (), tuple(rest[end + 1 :]))


@dataclass
class Console:
    """Types commands in `folder`; `run` takes the words after `eximledger` and gives what is printed."""

    run: Callable[[list[str]], str]
    environment: MutableMapping[str, str]
    folder: Path
    name: str = field(default="", init=False)

    def type(self, command: Command) -> str:
        """What is printed; a command of another kind is an error of the page."""
        words = shlex.split(command.line.replace("…", self.name))
        match words:
            case ["export", *settings]:
                self.environment.update(dict(each.split("=", 1) for each in settings))
            case ["cat", ">", file, "<<END"]:
                (self.folder / file).write_text("\n".join(command.text) + "\n", encoding="utf-8")
            case ["mv", old, new]:
                (self.folder / old).rename(self.folder / new)
            case ["eximledger", *arguments]:
                printed = self.run(arguments)
                if found := _NAME.findall(printed):
                    self.name = found[-1]
                return printed
            case _:
                raise AssertionError(f"nobody types this here: {command.line}")
        return ""


def matches(answer: tuple[str, ...], printed: str) -> bool:
    """Whether what is printed is what the page says."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else ".*".join(map(re.escape, line.rstrip().split("…"))) + "\n"
        for line in answer
    )
    text = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, text) is not None
