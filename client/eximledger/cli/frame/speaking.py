"""The language of help and errors: click's own words and our table's, known before any option is parsed."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import click
from rich.cells import cell_len

from eximledger.words import Language, help_text, refusal

__all__ = ["LANGUAGE", "VARIABLE", "SpokenContext", "fail", "language_of", "short_help"]

LANGUAGE: Final = "eximledger.language"
"""Where a context keeps it, for all commands under it."""
VARIABLE: Final = "EXIM_LANG"
_EXTRA: Final = re.compile(r"(.*?)(?:(?:^|  )\[([^\[\]]*(?:\[[^\]]*\])?[^\[\]]*)\])?", re.DOTALL)
_CLICK: Final = {
    "Options": "选项", "Commands": "命令", "Arguments": "参数", "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "env var: ": "环境变量：", "default: ": "默认：", "required": "必填", "; ": "；",
    "Show this message and exit.": "显示本帮助并退出。",
}  # fmt: skip
_FOLDABLE: Final = re.compile(r"[\x21-\x7e]+|\s+|.", re.DOTALL)
_NAMES: Final = 30


def language_of(args: Sequence[str]) -> Language:
    """What `--lang` says wherever it stands, else the environment; what is neither language is for the parser."""
    said = os.environ.get(VARIABLE, "")
    for place, each in enumerate(args):
        if each == "--lang" and place + 1 < len(args):
            said = args[place + 1]
        elif each.startswith("--lang="):
            said = each.partition("=")[2]
    return "zh" if said == "zh" else "en"


class SpokenContext(click.Context):
    """A context that prints its help in the language asked for."""

    def make_formatter(self) -> click.HelpFormatter:
        if self.meta.get(LANGUAGE) != "zh":
            return super().make_formatter()
        return _Chinese(width=self.terminal_width, max_width=self.max_content_width)


def short_help(command: click.Command) -> str | None:
    """A command's first sentence in Chinese, where that is asked for."""
    context = click.get_current_context(silent=True)
    if context is None or context.meta.get(LANGUAGE) != "zh":
        return None
    first = next(_paragraphs(command.help or ""), "")
    return re.split("[。：]", help_text(first, "zh"), maxsplit=1)[0] + "。"


def fail(error: click.ClickException, language: Language) -> None:
    """Print what is wrong with how a command was called."""
    if language == "en" or isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        click.echo(context.get_usage(), err=True)
        click.echo(f"用 {context.command_path} {context.help_option_names[0]} 查看帮助。\n", err=True)
    click.echo(f"错误：{refusal(error.format_message(), language)}", err=True)


class _Chinese(click.HelpFormatter):
    """Help in Chinese: strings by the table, folded by the columns that they take."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english in ("[OPTIONS]", "COMMAND [ARGS]..."):
            args = args.replace(english, _CLICK[english])
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_CLICK.get(heading, heading))

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        said = [_folded(help_text(each, "zh"), self.width - self.current_indent) for each in _paragraphs(text)]
        self.write("\n\n".join("\n".join(indent + line for line in lines) for lines in said) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _NAMES, col_spacing: int = 2) -> None:
        rows, indent = list(rows), " " * self.current_indent
        names = min(max(cell_len(name) for name, _ in rows), col_max) + col_spacing
        for name, said in rows:
            lines = _folded(_option(said), max(20, self.width - self.current_indent - names))
            first = "" if cell_len(name) > names - col_spacing else lines.pop(0) if lines else ""
            self.write(f"{indent}{name}{' ' * max(0, names - cell_len(name))}{first}".rstrip() + "\n")
            for line in lines:
                self.write(f"{indent}{' ' * names}{line}\n")


def _option(said: str) -> str:
    found = _EXTRA.fullmatch(said)
    text, extra = (found[1], found[2] or "") if found else (said, "")
    text = _CLICK.get(text) or help_text(text, "zh")
    for english in ("env var: ", "default: ", "required", "; "):
        extra = extra.replace(english, _CLICK[english])
    return f"{text} [{extra}]".strip() if extra else text


def _paragraphs(text: str) -> Iterator[str]:
    return (" ".join(each.split()) for each in inspect.cleandoc(text).split("\n\n") if each.strip())


def _folded(text: str, width: int) -> list[str]:
    """Lines of at most so many columns; a Chinese line breaks anywhere, and not within another word."""
    lines = [""]
    for part in _FOLDABLE.findall(text):
        if lines[-1] and cell_len(lines[-1] + part.rstrip()) > width and part not in "，。；：、）":
            lines[-1] = lines[-1].rstrip()
            lines.append(part.lstrip())
        else:
            lines[-1] += part
    return lines
