"""What the functions of transactions do, in both languages: the words of an audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["ACTS"]

ACTS: Final[Mapping[str, tuple[str, str]]] = {
    "authorisations:authorise": ("filed an exporter's authorisation", "登记出口商授权"),
    "authorisations:consent": ("filed a consent on a form", "登记书面授权"),
    "authorisations:revoke": ("filed a revocation", "登记撤销授权"),
    "calendar:open": ("opened the business day", "开启营业日"),
    "consortium:configure": ("founded the consortium", "建立联盟"),
    "consortium:vote": ("voted on the members", "成员表决"),
    "copies:declarations": ("copied declarations for a bank", "向银行提供报关单"),
    "copies:exchange": ("copied receipts for a bank", "向银行提供收汇凭证"),
    "authorisations:open": ("opened the business day of consent", "开启授权营业日"),
    "copies:begin": ("began a collection", "建立数据集合密钥"),
    "copies:keep": ("said which copies its loans hold", "登记须保留的副本"),
    "copies:purge": ("purged copies", "清除副本"),
    "documents:attach": ("attached a file", "添加附件"),
    "documents:put": ("filed a paper", "提交单据"),
    "documents:put_many": ("filed papers", "提交单据"),
    "loans:apply": ("applied for a loan", "申请贷款"),
    "loans:approve": ("approved", "批准贷款"),
    "loans:check": ("checked the papers", "审查单据"),
    "loans:confirm": ("confirmed a step", "确认步骤"),
    "loans:lapse": ("ended it undrawn", "登记失效"),
    "loans:mark_overdue": ("noted as overdue", "登记逾期"),
    "loans:propose": ("proposed a step", "提出步骤"),
    "loans:refer": ("referred", "转人工审查"),
    "loans:reject": ("rejected", "拒绝贷款"),
    "loans:withdraw": ("withdrew", "撤回申请"),
    "matching:match": ("looked papers up among all banks", "跨行查重"),
    "policies:confirm": ("confirmed a policy", "确认政策"),
    "policies:propose": ("proposed a policy", "提出政策"),
    "register:match": ("looked papers up among all banks", "跨行查重"),
    "register:rekey": ("keyed papers anew", "更新查重标记"),
    "register:retire": ("retired a secret of matching", "停用查重密钥"),
    "register:rotate": ("made the secret of matching", "更换查重密钥"),
    "screening:confirm": ("cleared a hit", "确认排除名单命中"),
    "screening:propose": ("proposed to clear a hit", "提出排除名单命中"),
    "screening:record": ("recorded a screening", "登记名单筛查"),
    "watch:activate": ("made a watch list hold", "启用监控名单"),
    "watch:begin": ("began to file a watch list", "开始提交监控名单"),
    "watch:discard": ("discarded a watch list", "清除监控名单"),
    "watch:entries": ("filed a watch list's entries", "提交名单条目"),
    "watch:index": ("filed a watch list's index", "提交名单索引"),
}
