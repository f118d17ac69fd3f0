"""The Chinese of what the command line remarks on standard error, by the form of the English sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["NOTES"]

NOTES: Final[Mapping[str, str]] = {
    "a credit in CNY with no foreign amount, from nobody abroad, is no FX receipt": (
        "无外币金额、且非来自境外的人民币入账不是外汇收款"
    ),
    "a debit that says it is a return: where it takes a credit back, have that receipt filed as reversed": (
        "注明退款的借记：若退回的是某笔收汇，请将该笔收汇报送为已冲销"
    ),
    "a row of totals": "合计行",
    "what a credit note takes off a paper is no payment of it": "贷项通知单扣减的金额并非对该单据的付款",
    "names a container that the bill has not": "所列集装箱不在提单的集装箱之中",
    "the bill says that it is one received for shipment": "提单写明为收货待运提单",
    "is in the prices of the goods: the total is without it": "已含在货物价格中：总额未另加此项",
    "an amount beside the goods, which the total has in it": "货物之外的金额，已含在总额中",
    "a date beside the number": "编号旁的日期",
    "says more than numbers of containers: {}": "除集装箱号外还写有：{}",
    "repeats the header": "重复的表头",
    "an amendment in words is kept as a note: change the terms that it changes": (
        "文字修改仅留作备注：请修改其所变更的条款"
    ),
    "holds no form": "没有报关单表格",
    "holds no papers": "没有单据",
    "is hidden": "为隐藏工作表",
    "has no text": "没有文字",
    "text that is turned, as of a stamp": "方向不同的文字，如印章",
    "is in {}, and the paper in {}": "币种为 {}，而单据为 {}",
    "is not what the credit and its change make; it counts as stated": "与原金额及增减额之和不符；以所载金额为准",
    "names a country that is not known": "所填国家无法识别",
    "names another beneficiary than the credit, which is another's credit then; it keeps its own here": (
        "所列受益人与信用证不同，即属于他人的信用证；此处保留原受益人"
    ),
    "says to delete what the credit does not have as an item of its own: change it by hand": (
        "要求删除的内容并非信用证中的独立条目：请人工修改"
    ),
    "shows no form": "未见报关单表格",
    "stands above the header": "位于表头之上",
    "stands below the goods": "位于货物行之下",
    "certificate: {}": "证书：{}",
    "given to no bank: {}": "未提供给任何银行：{}",
    "left out, not for the exporter: {}": "未列入，不向出口商告知：{}",
    "letter: {}": "函件：{}",
    "mirror: {} into {}": "镜像库：{} 写入 {}",
    "more: --after {}": "更多：--after {}",
    "open the business day anew (day open), move what stands (matching rekey), then retire the older one "
    "(matching retire): both are looked up until then": (
        "请重新开启营业日（day open），迁移既有标记（matching rekey），再停用上一代（matching retire）："
        "此前两代均参与比对"
    ),
    "proof: {}": "证明：{}",
    "report: {}": "报告：{}",
    "signed: {}": "已签署：{}",
    "the amount ordered {}": "付款指示金额：{}",
    "the demo ledger is made, with both cases walked on it: about a minute, this once": (
        "正在建立演示账本并走完两个案例：约一分钟，仅此一次"
    ),
    "trust file: {}": "信任文件：{}",
    "{} values or entries could not be used": "{} 个值或条目无法使用",
    "{}: {}; --json names all": "{}：{}；--json 列出全部",
    "{} parts to go": "还有 {} 个部分",
}
