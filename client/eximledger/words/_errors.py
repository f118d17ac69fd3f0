"""The Chinese of refusals, by the form of the English sentence; numbers and names in it are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["in_chinese"]

_FORMS: Final[Sequence[tuple[str, str]]] = (
    (r"No such option:? '?(?P<a>[^ '.]+)'?\.?(?P<rest>.*)", "没有选项 {a}。{rest}"),
    (r"No such command '(?P<a>.+?)'\.(?P<rest>.*)", "没有命令 {a}。{rest}"),
    (r"Missing argument '(?P<a>.+?)'\.(?P<rest>.*)", "缺少参数 {a}。{rest}"),
    (r"Missing option '(?P<a>.+?)'\.(?P<rest>.*)", "缺少选项 {a}。{rest}"),
    (r"Missing command\.", "缺少命令。"),
    (r"Got unexpected extra arguments? \((?P<a>.+)\)", "多余的参数：{a}"),
    (r"Option '(?P<a>.+?)' requires an argument\.", "选项 {a} 须有值。"),
    (r"Invalid value for (?P<a>.+?): (?P<rest>.+)", "{a} 的值无效：{rest}"),
    (r"Invalid value: (?P<rest>.+)", "值无效：{rest}"),
    (r"(?P<a>'.*?') is not one of (?P<b>.+)\.", "{a} 不在下列各值之中：{b}。"),
    (r"(?P<a>'.*?') is not a valid (?:integer|int)(?: range)?\.", "{a} 不是整数。"),
    (r"(?P<a>.+) is not in the range (?P<b>.+)\.", "{a} 不在范围 {b} 之内。"),
    (r"(?P<a>'.*?') does not match the formats? (?P<b>.+)\.", "{a} 不符合格式 {b}。"),
    (r"(?:File|Path|Directory) (?P<a>'.+') does not exist\.", "{a} 不存在。"),
    (r"(?:File|Path) (?P<a>'.+') is a directory\.", "{a} 是文件夹。"),
    (r"Did you mean (?P<a>.+)\?", "是否指 {a}？"),
    (r"there is no ledger at (?P<a>.+): it is made by the first paper that is filed in it",
     "{a} 处没有账本：首次提交单据时建立"),
    (r"there is no loan (?P<a>\S+)", "没有贷款 {a}"),
    (r"there is no loan of this name: it is another bank's", "没有此名称的贷款：属于其他银行"),
    (r"there is no (?P<kind>[a-z-]+) (?P<a>[^:;]+)", "没有{kind} {a}"),
    (r"there is no member (?P<a>.+): there are (?P<b>.+)", "没有成员 {a}：现有 {b}"),
    (r"(?P<a>\S+) has no user (?P<b>.+): there are (?P<c>.+)", "{a} 没有用户 {b}：现有 {c}"),
    (r"customs has no declaration (?P<a>\S+), or has not shown it to this member \(eximledger consent pull\)",
     "海关没有报关单 {a}，或尚未向本成员提供（eximledger consent pull）"),
    (r"(?P<rest>.+); one character off is (?P<b>.+), which is there", "{rest}；仅差一字的 {b} 已在账本"),
    (r"a customs declaration number has 18 digits, not (?P<a>.+)", "报关单号应为 18 位数字，而非 {a}"),
    (r"an? (?P<kind>[a-z-]+) is filed by role (?P<role>\S+) on channel (?P<c>\S+); (?P<d>\S+) has role (?P<e>\S+): "
     r"act as another member", "{kind}由{role}在通道 {c} 提交；{d} 的角色为{e}：请以其他成员名义操作"),
    (r"access denied: (?P<a>\S+) is no member of channel (?P<b>\S+)", "拒绝访问：{a} 不是通道 {b} 的成员"),
    (r"no business day has been opened yet: SAFE opens one \(calendar:open\)", "尚未开启营业日：由外汇局开启"),
    (r"another process is writing to (?P<a>.+): repeat later", "另一进程正在写入 {a}：请稍后重试"),
    (r"(?P<a>.+) is there already: name another place, or move it away", "{a} 已存在：请另选位置或先移走"),
    (r"(?P<a>.+) is not a whole copy of a ledger", "{a} 不是完整的账本备份"),
    (r"loan (?P<a>\S+): conditions precedent are not met: give the number of (?P<b>.+)",
     "贷款 {a}：放款前提条件尚未落实：请填写 {b} 的编号"),
    (r"loan (?P<a>\S+) has no verdict to report yet: (?P<b>.+)", "贷款 {a} 尚无审查结论：{b}"),
    (r"a report as PDF needs (?P<a>\S+): (?P<b>.+)", "PDF 报告需要 {a}：{b}"),
    (r"(?P<a>[^:]+): No such file or directory", "{a}：没有此文件或文件夹"),
    (r"(?P<a>[^:]+): Permission denied", "{a}：无权限"),
    (r"Interrupted\.", "已中断。"),
)  # fmt: skip
_WORDED: Final = [(re.compile(form, re.DOTALL), zh) for form, zh in _FORMS]


def in_chinese(message: str, word: dict[str, str]) -> str:
    """The Chinese of a sentence of a known form; any other stays as it is. `word` has kinds and roles."""
    for form, zh in _WORDED:
        found = form.fullmatch(message.strip())
        if found is not None:
            parts = found.groupdict()
            for name in parts.keys() & {"kind", "role", "e"}:
                parts[name] = word.get(parts[name], parts[name])
            if "rest" in parts:
                parts["rest"] = in_chinese(parts["rest"], word) if parts["rest"] else ""
            return zh.format(**parts)
    return message
