"""The Chinese of refusals, by the form of the English sentence; numbers and names in it are kept.

A sentence whose form is in no table is said with what kind of refusal it is, in Chinese, before its English: every
error is of a kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from eximledger.words.refusals.ledger import REFUSALS_LEDGER
from eximledger.words.refusals.notes import NOTES
from eximledger.words.refusals.office import REFUSALS_OFFICE

__all__ = ["KINDS_OF_ERROR", "in_chinese", "is_known_form"]

KINDS_OF_ERROR: Final[Mapping[int, str]] = {
    400: "填写有误", 401: "尚未登录", 403: "无权办理", 404: "未找到", 409: "内容已变化", 412: "内容已变化",
    413: "内容过大",
    415: "格式不受理", 422: "依规则不得办理", 428: "缺少前提", 429: "请求过多", 500: "系统未能完成", 503: "账本未响应",
}  # fmt: skip
"""What an error is, by its status."""

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
_TABLED: Final[Mapping[str, str]] = {**REFUSALS_LEDGER, **REFUSALS_OFFICE, **NOTES}
_ARTICLE: Final = re.compile(r"an? (?=[a-z])")
_REST: Final = "rest"


def is_known_form(form: str) -> bool:
    """Whether there is Chinese for sentences of a form, in which `{}` stands for a value."""
    filled = form.replace("{}", "1")
    return form in _TABLED or any(known.fullmatch(filled) for known, _ in _WORDED)


def in_chinese(message: str, word: dict[str, str], status: int = 0) -> str:
    """The Chinese of a sentence of a known form; any other stays as it is, behind what kind of error it is where its
    `status` says so. `word` has kinds, roles and states."""
    said = _said(message.strip(), word)
    if said is not None:
        return said
    kind = KINDS_OF_ERROR.get(status)
    return message if kind is None else f"{kind}：{message}"


def _said(message: str, word: dict[str, str]) -> str | None:
    for form, zh in _WORDED:
        found = form.fullmatch(message)
        if found is not None:
            parts = found.groupdict()
            for name in parts.keys() & {"kind", "role", "e"}:
                parts[name] = word.get(parts[name], parts[name])
            if _REST in parts:
                parts[_REST] = in_chinese(parts[_REST], word) if parts[_REST] else ""
            return zh.format(**parts)
    for pattern, zh in _patterns():
        found = pattern.fullmatch(message)
        if found is not None:
            return zh.format(*(_value(each, word) for each in found.groups()))
    return None


def _value(text: str, word: dict[str, str]) -> str:
    """A word of ours in Chinese; a value as it is."""
    return word.get(_ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text, text)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The tables' forms, those that say most first: a short one would take what a longer one means."""
    return tuple(_compiled())


def _compiled() -> Iterator[tuple[re.Pattern[str], str]]:
    for form, zh in sorted(_TABLED.items(), key=lambda each: (-len(each[0].replace("{}", "")), each[0])):
        yield re.compile("(.+?)".join(map(re.escape, form.split("{}"))), re.DOTALL), zh
