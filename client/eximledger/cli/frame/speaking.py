"""The language of help and errors: click's own words and our table's, known before any option is parsed."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import click
from rich.cells import cell_len

from eximledger.words import LANGUAGES, Language, help_text, refusal

__all__ = ["LANGUAGE", "VARIABLE", "SpokenContext", "fail", "language_of", "short_help", "speak"]

LANGUAGE: Final = "eximledger.language"
"""Where a context keeps it, for all commands under it."""
VARIABLE: Final = "EXIM_LANG"
_EXTRA: Final = re.compile(r"(.*?)(?:(?:^|  )\[([^\[\]]*(?:\[[^\]]*\])?[^\[\]]*)\])?", re.DOTALL)
_FIRST_USER: Final = "(eximbank, or the profile's own first user)"
_CLICK: Final = {
    "Options": "选项", "Commands": "命令", "Arguments": "参数", "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "env var: ": "环境变量：", "default: ": "默认：", "required": "必填", "; ": "；",
    _FIRST_USER: "eximbank，或配置文件的首个用户",
    "Show this message and exit.": "显示本帮助并退出。",
}  # fmt: skip
_PLACEHOLDER: Final = re.compile(r"(?<![A-Za-z_-])[A-Z][A-Z]+(?![A-Za-z_])")
_PLACEHOLDERS: Final = {
    "FILE": "文件", "FOLDER": "文件夹", "DIRECTORY": "文件夹", "PATH": "路径", "DAY": "日期", "NUMBER": "编号",
    "NAME": "名称", "HASH": "哈希", "ID": "编号", "LOAN": "贷款", "AMOUNT": "金额", "RATE": "利率",
    "PERCENT": "百分比", "TEXT": "文字", "INTEGER": "整数", "CONDITION": "条件", "FINDING": "问题",
    "REASON": "理由", "MEMBER": "成员", "USER": "用户", "BOOKMARK": "分页标记", "VIEW": "视图", "HOST": "主机",
    "PORT": "端口", "SUBJECT": "当事方", "LIST": "名单", "ENTRY": "条目", "HIT": "命中", "QUARTER": "季度",
    "PROPOSAL": "提议", "KIND": "种类", "SET": "规则集", "TRUST": "信任文件", "CASE": "案卷", "NODE": "节点",
    "ORGANIZATION": "机构", "ORDERER": "排序节点", "STATE": "状态", "CERTIFICATE": "证书", "CHANNEL": "通道",
    "RECEIPT": "收汇", "EXPORTER": "出口商", "BANK": "银行", "WHICH": "哪一个", "STEP": "步骤",
}  # fmt: skip
"""Words for what a caller writes there; abbreviations such as MSP and USCC stay."""
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


def speak(command: click.Command, language: Language) -> None:
    """Have another package's command, and all under it, take `--lang` and print help in the language asked for. A
    command lives as long as its process, so that English takes back what Chinese has put there."""
    if not any("--lang" in option.opts for option in command.params):
        command.context_class = SpokenContext
        command.params.append(
            click.Option(
                ["--lang"], type=click.Choice(LANGUAGES), expose_value=False, help="The language of help and errors."
            )
        )
    command.short_help = _first(command) if language == "zh" else None
    if isinstance(command, click.Group):
        for each in command.commands.values():
            speak(each, language)


def short_help(command: click.Command) -> str | None:
    """A command's first sentence in Chinese, where that is asked for."""
    context = click.get_current_context(silent=True)
    if context is None or context.meta.get(LANGUAGE) != "zh":
        return None
    return _first(command)


def _first(command: click.Command) -> str:
    first = next(_paragraphs(command.help or ""), "")
    said = _placed(help_text(first, "zh"))
    return said if said == first else re.split("[。：]", said, maxsplit=1)[0] + "。"


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
        super().write_usage(prog, _placed(args), prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_CLICK.get(heading, heading))

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        said = [_folded(_placed(help_text(each, "zh")), self.width - self.current_indent) for each in _paragraphs(text)]
        self.write("\n\n".join("\n".join(indent + line for line in lines) for lines in said) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _NAMES, col_spacing: int = 2) -> None:
        rows, indent = [(_placed(name), said) for name, said in rows], " " * self.current_indent
        names = min(max(cell_len(name) for name, _ in rows), col_max) + col_spacing
        for name, said in rows:
            lines = _folded(_option(said), max(20, self.width - self.current_indent - names))
            first = "" if cell_len(name) > names - col_spacing else lines.pop(0) if lines else ""
            self.write(f"{indent}{name}{' ' * max(0, names - cell_len(name))}{first}".rstrip() + "\n")
            for line in lines:
                self.write(f"{indent}{' ' * names}{line}\n")


def _placed(text: str) -> str:
    """Names of what is to be written, in Chinese; commands and options have no capitals."""
    return _PLACEHOLDER.sub(lambda found: _PLACEHOLDERS.get(found[0], found[0]), text)


def _option(said: str) -> str:
    found = _EXTRA.fullmatch(said)
    text, extra = (found[1], found[2] or "") if found else (said, "")
    text = _CLICK.get(text) or _placed(help_text(text, "zh"))
    for english in ("env var: ", "default: ", "required", "; ", _FIRST_USER):
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
