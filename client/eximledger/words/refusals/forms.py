"""The Chinese of refusals, by the form of the English sentence; numbers and names in it are kept.

A sentence whose form is in no table is said with what kind of refusal it is, in Chinese, before its English: every
error is of a kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from eximledger.words.refusals.checkers import CHECKS
from eximledger.words.refusals.fabric import REFUSALS_FABRIC
from eximledger.words.refusals.ledger import REFUSALS_LEDGER
from eximledger.words.refusals.notes import NOTES
from eximledger.words.refusals.office import REFUSALS_OFFICE
from eximledger.words.refusals.places import SPACED, place_in_chinese
from eximledger.words.refusals.readers import PLACES, REASONS

__all__ = ["KINDS_OF_ERROR", "in_chinese", "is_known_form", "is_known_reason"]

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
_TABLED: Final[Mapping[str, str]] = {**REFUSALS_LEDGER, **REFUSALS_OFFICE, **REFUSALS_FABRIC, **NOTES}
_ARTICLE: Final = re.compile(r"an? (?=[a-z])")
_REST: Final = "rest"
Patterns: TypeAlias = Sequence[tuple[re.Pattern[str], str]]


_PLACED: Final = re.compile(rf"(?P<place>{SPACED}|[^:：\s]+): (?P<rest>.+)", re.DOTALL)
"""A field, and what its checker says."""
_MORE: Final = re.compile(r"(?P<rest>.+) \(and (?P<more>\d+) more\)", re.DOTALL)
_NAME: Final = re.compile(r"[a-z_$][a-z0-9_.\[\]]*")

Field = Callable[[str], str]
"""A field's name in Chinese."""


def is_known_form(form: str) -> bool:
    """Whether there is Chinese for sentences of a form, in which `{}` stands for a value."""
    filled = form.replace("{}", "1")
    return form in _TABLED or any(known.fullmatch(filled) for known, _ in _WORDED) or is_known_reason(form)


def is_known_reason(form: str) -> bool:
    """The same of what is said of a place or a field."""
    return form in REASONS or form.partition(": ")[2] in CHECKS or form in CHECKS


def in_chinese(message: str, word: Mapping[str, str], field: Field, status: int = 0) -> str:
    """The Chinese of a sentence of a known form; any other stays as it is, behind what kind of error it is where its
    `status` says so. `word` has kinds, roles and states."""
    said = _Speaker(word, field).said(message.strip())
    if said is not None:
        return said
    kind = KINDS_OF_ERROR.get(status)
    return message if kind is None else f"{kind}：{message}"


@dataclass(frozen=True, slots=True)
class _Speaker:
    word: Mapping[str, str]
    field: Field

    def said(self, message: str) -> str | None:
        """Whole sentences first; then what is said of a field, or of a place in a file."""
        for way in (self._worded, self._tabled, self._checked, self._placed):
            found = way(message)
            if found is not None:
                return found
        return None

    def _worded(self, message: str) -> str | None:
        for form, zh in _WORDED:
            found = form.fullmatch(message)
            if found is not None:
                parts = found.groupdict()
                for name in parts.keys() & {"kind", "role", "e"}:
                    parts[name] = self.word.get(parts[name], parts[name])
                if parts.get(_REST):
                    parts[_REST] = self.said(parts[_REST]) or parts[_REST]
                return zh.format(**parts)
        return None

    def _tabled(self, message: str) -> str | None:
        return self._formed(_sentences(), message)

    def _checked(self, message: str) -> str | None:
        """`lines[2].amount: a loan is of more than zero`, and how many more there are."""
        more = _MORE.fullmatch(message)
        if more is not None:
            first = self.said(more["rest"])
            return None if first is None else f"{first}（另有 {more['more']} 处）"
        found = _PLACED.fullmatch(message)
        if found is None:
            return self._formed(_checks(), message)
        place, rest = found["place"], found["rest"]
        said = self._formed(_checks(), rest)
        if said is not None:
            return f"{self.field(place) if _NAME.fullmatch(place) else place_in_chinese(place)}：{said}"
        is_file = "." in place or " " in place  # or a place in one
        within = self._checked(rest) or (self.said(rest) if is_file else None)
        return None if within is None else f"{place_in_chinese(place)}：{within}"

    def _placed(self, message: str) -> str | None:
        """`Invoice/ID is missing`: the place stays, but for words of ours."""
        whole = self._formed(_said_within(), message)
        if whole is not None:
            return whole
        for pattern, zh in _reasons():
            found = pattern.fullmatch(message)
            if found is not None:
                place, *values = found.groups()
                said = zh.format(*(self._value(each) for each in values))
                return f"{PLACES.get(place) or place_in_chinese(place) + ' '}{said}" if place else said
        return None

    def _formed(self, patterns: Patterns, message: str) -> str | None:
        for pattern, zh in patterns:
            found = pattern.fullmatch(message)
            if found is not None:
                return zh.format(*(self._value(each) for each in found.groups()))
        return None

    def _value(self, text: str) -> str:
        """A word of ours in Chinese, what is said within a sentence, too; a value as it is."""
        plain = _ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text
        if plain in self.word:
            return self.word[plain]
        if " " not in text:
            return text
        return self._formed(_checks(), text) or self._formed(_said_within(), text) or text


@lru_cache(maxsize=1)
def _sentences() -> Patterns:
    return tuple(_compiled(_TABLED))


@lru_cache(maxsize=1)
def _checks() -> Patterns:
    return tuple(_compiled(CHECKS))


@lru_cache(maxsize=1)
def _said_within() -> Patterns:
    return tuple(_compiled(REASONS))


@lru_cache(maxsize=1)
def _reasons() -> Patterns:
    return tuple(_compiled(REASONS, before="(?:(.+?) )?"))


def _compiled(table: Mapping[str, str], before: str = "") -> Iterator[tuple[re.Pattern[str], str]]:
    """The table's forms, those that say most first: a short one would take what a longer one means."""
    for form, zh in sorted(table.items(), key=lambda each: (-len(each[0].replace("{}", "")), each[0])):
        yield re.compile(before + "(.+?)".join(map(re.escape, form.split("{}"))), re.DOTALL), zh
