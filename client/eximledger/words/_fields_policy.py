"""The Chinese of the fields of a bank's policy and of the floors, and of what findings state beside papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["FIELDS_POLICY"]

FIELDS_POLICY: Final[Mapping[str, str]] = {
    "advance_receipt_days": "预收货款报告期（天）",
    "always_matched": "必须比对的单据",
    "amount_reject_percent": "金额差异拒绝比例（%）",
    "amount_tolerance_percent": "金额容差比例（%）",
    "amount_tolerance_units": "金额容差（单位）",
    "bulk_quantity_percent": "散货数量容差（%）",
    "concentration_percent": "买方集中度（%）",
    "conditions_precedent": "放款前提条件",
    "consent": "授权方式",
    "contract_about_percent": "合同“约”量容差（%）",
    "contract_percent": "合同容差（%）",
    "declaration_max_age_days": "报关单最长期限（天）",
    "deferred_receipt_days": "延期收款报告期（天）",
    "deferred_receipt_days_supervised": "延期收款报告期（B、C 类，天）",
    "deviation_paper_days": "总量核查数据有效期（天）",
    "drawing_days": "提款期（天）",
    "effective_from": "生效日",
    "embargoed_countries": "禁止融资的国家或地区",
    "entry": "条目",
    "expected_receipt_days": "预计收汇偏差（天）",
    "financeable_modes": "可融资监管方式",
    "financed": "融资情况",
    "financed_percent": "融资比例上限（%）",
    "fingerprinted": "比对重复融资的单据",
    "free balance": "可用余额",
    "history_exports": "构成出口记录的票数",
    "indemnity_percent": "保险索赔比例上限（%）",
    "insured_percent": "投保比例（%）",
    "largest_export_times": "最大出口倍数",
    "matches_per_day": "每日比对单据上限",
    "max_authorisation_days": "授权书最长期限（天）",
    "max_financed_percent": "融资比例底线（%）",
    "max_tenor_days": "最长期限底线（天）",
    "never_financed_modes": "不得融资的监管方式",
    "on_board_days": "装船日偏差（天）",
    "presentation_days": "交单期（天）",
    "price_deviations": "单价偏离倍数",
    "price_percent": "单价偏离比例（%）",
    "receipt_short_percent": "收汇短少容差（%）",
    "required_papers": "必备单据",
    "required_watch_lists": "必备监控名单",
    "screened_foreign_lists": "同时筛查的境外名单",
    "screening_percent": "名称相似度（%）",
    "tenor_grace_days": "期限宽限（天）",
    "tenor_max_days": "最长期限（天）",
    "total_deviation_percent": "总量偏差（%）",
    "weight_percent": "重量容差（%）",
}
