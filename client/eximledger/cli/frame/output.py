"""What commands print: one JSON document, or tables for a person; colour and progress only on a terminal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import click
from pydantic_core import to_jsonable_python
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from eximledger.cli.frame.stacking import fitted
from eximledger.reports import Language, word
from eximledger.words import refusal, remark
from eximledger_chaincode.documents import shown
from hlf_chaincode.canonical import Json
from hlf_client.errors import EndorsementFailed, FabricError, LedgerUnavailable

__all__ = ["Output", "print_error"]

_PIPED_WIDTH: Final = 160
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7e]")


def _console(*, stderr: bool = False) -> Console:
    """rich leaves colour out by itself where nobody looks; there a line must not be folded at 80, either."""
    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=_PIPED_WIDTH)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a person sees, with all that would steer the terminal written out; line breaks are the layout's own."""

    shown: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        shown_so = fitted(self.shown, console, options) if console.is_terminal else self.shown
        for text, style, control in console.render(shown_so, options):
            yield Segment("\n".join(shown(line) for line in text.split("\n")), style, control)


def _json(value: object) -> str:
    """JSON for a program, or for a person who looks at it: what would steer a terminal is escaped as JSON does."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _NOT_ASCII.sub(lambda found: found[0] if shown(found[0]) == found[0] else json.dumps(found[0])[1:-1], text)


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command's answer goes, and in which shape and language."""

    as_json: bool
    language: Language

    def word(self, english: str) -> str:
        """One of our own words in this output's language."""
        return word(english, self.language)

    def answer(self, value: object, *parts: RenderableType) -> None:
        """Print the answer: `value` as JSON, or the parts for a person."""
        if self.as_json:
            click.echo(_json(to_jsonable_python(value, exclude_none=True)))
            return
        self.show(*parts)

    def show(self, *parts: RenderableType) -> None:
        """Print for a person. Text of papers is never taken for rich's markup; a pipe gets no padding."""
        console = _console()
        texts = [_Seen(Text(part) if isinstance(part, str) else part) for part in parts]
        if console.is_terminal:
            for text in texts:
                console.print(text)
            return
        with console.capture() as captured:
            for text in texts:
                console.print(text)
        click.echo("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()), nl=False)

    def note(self, text: str) -> None:
        """A remark beside the answer, for a person: on standard error, and not with --json."""
        if not self.as_json:
            _console(stderr=True).print(_Seen(Text(remark(text, self.language))))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> Table:
        """A plain table; its headings are words of ours."""
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for column in columns:
            table.add_column(self.word(column), overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
        return table

    def facts(self, pairs: Iterable[tuple[str, str]]) -> Table:
        """Names and values, one pair in a line; pairs without a value are left out."""
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(style="bold")
        table.add_column(overflow="fold")
        for name, value in pairs:
            if value:
                table.add_row(Text(self.word(name)), Text(value))
        return table

    @contextmanager
    def working(self) -> Iterator[Callable[[str], None]]:
        """A sign of life for a person while a command works; call what is given to say how far it is."""
        console = _console(stderr=True)
        if self.as_json or not console.is_terminal or not sys.stdout.isatty():
            yield lambda _where: None
        else:
            title = click.get_current_context().command_path
            with console.status(title) as status:
                yield lambda where: status.update(f"{title}: {where}")


def print_error(error: FabricError, language: Language, *, as_json: bool) -> None:
    """One sentence on standard error; with --json the error is the one document on standard output, too."""
    head = "错误：" if language == "zh" else "Error: "
    lines = [head + refusal(error.message, language, type(error).status)]
    body: dict[str, Json] = {"error": type(error).__name__, "message": error.message}
    if error.details:
        body["details"] = dict(error.details)
    if isinstance(error, EndorsementFailed | LedgerUnavailable):
        lines += [f"  {peer.msp_id} at {peer.address}: {peer.message}" for peer in error.peers]
    if error.peers:
        body["peers"] = [
            {"address": peer.address, "msp_id": peer.msp_id, "message": peer.message} for peer in error.peers
        ]
    if as_json:
        click.echo(_json(body))
    click.echo("\n".join(shown(line) for line in lines), err=True)
