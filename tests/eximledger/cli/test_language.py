"""--lang zh: help, usage and errors in Chinese, wherever the option stands; JSON and exit codes are the same."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator

import click
import pytest

from eximledger.cli import main
from eximledger.cli._main import _COMMANDS
from eximledger.words import has_help

Exim = Callable[..., "Answer"]


class Answer:
    code: int
    out: str
    err: str


def walked(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command of this package, by its path."""
    yield path, command
    if isinstance(command, click.Group):
        with click.Context(command) as context:
            names = _COMMANDS if command is main else command.list_commands(context)
            for name in names:
                found = command.get_command(context, name)
                assert found is not None
                yield from walked(found, f"{path} {name}")


def strings(command: click.Command) -> Iterator[str]:
    yield from (" ".join(each.split()) for each in inspect.cleandoc(command.help or "").split("\n\n") if each.strip())
    yield from (each.help for each in command.params if isinstance(each, click.Option) and each.help)


def test_no_command_and_no_option_lacks_its_chinese() -> None:
    commands = list(walked(main, "eximledger"))
    assert len(commands) > 80
    assert not {(path, text) for path, command in commands for text in strings(command) if not has_help(text)}


@pytest.mark.parametrize("line", ["--lang zh loan -h", "loan --lang=zh -h", "loan -h --lang zh"])
def test_help_is_in_chinese_wherever_the_option_stands(exim: Exim, line: str) -> None:
    answer = exim(*line.split())
    assert answer.code == 0
    assert "用法：main loan [选项] 命令 [参数]..." in answer.out
    assert "提出发放已批准的贷款或其一部分。" in answer.out
    assert "Propose" not in answer.out
    assert "Usage" in exim("loan", "-h").out


def test_an_option_has_its_default_and_variable_in_chinese(exim: Exim) -> None:
    out = exim("--lang", "zh", "loan", "list", "-h").out
    assert "以谁的名义" in out
    assert "环境变量：EXIM_AS" in out
    assert "默认：100" in out
    assert "Show this message" not in out


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("loan lend", 2, "没有命令 lend。"), ("loan list --colour", 2, "没有选项 --colour。"),
        ("loan show", 2, "缺少参数 ID。"),
        ("loan approve X", 2, "缺少选项 --version。"), ("loan list --limit x", 2, "不是整数"),
        ("loan list --state x", 2, "不在下列各值之中"), ("loan show L-1", 1, "没有账本"),
        ("loan list --as nobody", 1, "没有账本"), ("case check nowhere", 2, "不存在。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_chinese(exim: Exim, line: str, code: int, said: str) -> None:
    answer = exim("--lang", "zh", *line.split())
    assert answer.code == code == exim(*line.split()).code
    assert "错误：" in answer.err
    assert said in answer.err
    assert "Error" in exim(*line.split()).err


def test_a_refusal_keeps_its_values_and_json_stays_english(filed: Exim) -> None:
    assert "错误：没有贷款 L-9" in filed("loan", "show", "L-9", "--lang", "zh").err
    answer = filed("loan", "show", "L-9", "--lang", "zh", "--json")
    assert json.loads(answer.out)["message"] == "there is no loan L-9"
    assert "没有发票 X-1" in filed("document", "get", "invoice", "X-1", "--lang", "zh").err.replace("商业发票", "发票")


def test_another_packages_command_speaks_chinese_too_and_english_again(exim: Exim) -> None:
    out = exim("network", "-h", "--lang", "zh").out
    assert "由一个文件在 Docker 中建立整个联盟的 Fabric 网络。" in out
    assert "启动网络，或补齐缺失部分。" in out
    assert "输出一份 JSON。" in exim("--lang", "zh", "network", "up", "-h").out
    assert "启动网络" not in exim("network", "-h").out


def test_what_is_to_be_written_is_named_in_chinese_and_abbreviations_stay(exim: Exim) -> None:
    out = exim("--lang", "zh", "policy", "propose", "-h").out
    assert "[选项] 文件" in out
    assert "--ledger URL" in out
    assert "成员[/用户]" in out
    assert "MEMBER[/USER]" in exim("policy", "propose", "-h").out
