"""Write the papers of the Dongyu case from `trade.py`, in the formats that customs, banks and exporters use.

    python examples/dongyu/write_papers.py [FOLDER]

The files in this folder are what this script writes. It is no part of the product: the product only reads the files.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import jinja2
import openpyxl
import trade
from trade import PLANTED, Contract, EarlierExport, Shipment

HERE = Path(__file__).parent
ACCOUNT, ACCOUNT_BANK = "104900026508400117", "Export-Import Bank of China, Guizhou Branch"


# XML --------------------------------------------------------------------------


def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["money"] = lambda amount: f"{amount:.2f}"
    environment.filters["plain"] = _plain
    return environment


def _plain(number: Decimal) -> str:
    """Plain digits: 7.0 becomes 7."""
    return format(number.normalize(), "f")


TEMPLATES = _templates()


def _xml(template: str, **facts: object) -> bytes:
    common = {"seller": trade.DONGYU, "account": ACCOUNT, "account_bank": ACCOUNT_BANK, "carrier": trade.CARRIER}
    return TEMPLATES.get_template(template).render(**common, payment_days=trade.PAYMENT_DAYS, **facts).encode()


def _contract(contract: Contract) -> bytes:
    return _xml("contract.xml.j2", contract=contract)


def _invoice(shipment: Shipment) -> bytes:
    template = "invoice-cii.xml.j2" if shipment.cross_industry_invoice else "invoice.xml.j2"
    return _xml(template, shipment=shipment, contract=shipment.contract)


def _bill(shipment: Shipment) -> bytes:
    """What goes to Mombasa travels under a sea waybill, the rest under bills of lading."""
    root = "Waybill" if shipment.contract is trade.KENYA else "BillOfLading"
    return _xml("bill.xml.j2", root=root, shipment=shipment, contract=shipment.contract)


def _packing_list(shipment: Shipment) -> bytes:
    return _xml("packing-list.xml.j2", shipment=shipment, contract=shipment.contract)


@dataclass(frozen=True)
class Entry:
    """An entry of an account; one without a payer is a payment."""

    day: date
    amount: Decimal
    reference: str
    payer: trade.Party | None = None
    invoice: str = ""
    declaration: str = ""
    note: str = ""


def _notification() -> bytes:
    """camt.054: the credits from which the loan is repaid. The buyers pay on the day of the loan, weeks before they
    must: a ledger's clock does not go forward while the case is told.
    """
    paid = sorted(trade.CORRECTED_SIX, key=lambda shipment: shipment.invoice)
    entries = [
        Entry(trade.DAY, shipment.invoice_total, f"IR2604{number:03d}", shipment.contract.buyer, shipment.invoice,
              shipment.declaration)
        for number, shipment in enumerate(paid, 1)
    ]  # fmt: skip
    return _xml(
        "camt.xml.j2", message="camt.054", body="BkToCstmrDbtCdtNtfctn", report="Ntfctn", balances=(), entries=entries,
        message_id="NTF20260421000731", created_on=trade.DAY,
    )  # fmt: skip


def _statement() -> bytes:
    """camt.053: the account over the year before, with a debit among the credits."""
    entries = [
        Entry(each.paid_on, each.amount, f"IR{each.paid_on:%y%m}{number:03d}", each.buyer, each.invoice,
              each.declaration)
        for number, each in enumerate(trade.EARLIER, 1)
    ]  # fmt: skip
    paid_out = Entry(date(2025, 12, 22), Decimal("600000.00"), "FX2512118", note="SETTLED INTO CNY 结汇")
    entries = sorted([*entries, paid_out], key=lambda entry: entry.day)
    opened = Decimal("18240.55")
    closed = opened + sum(entry.amount if entry.payer else -entry.amount for entry in entries)
    balances = (
        {"code": "OPBD", "amount": opened, "day": date(2025, 6, 1)},
        {"code": "CLBD", "amount": closed, "day": date(2026, 3, 31)},
    )
    return _xml(
        "camt.xml.j2", message="camt.053", body="BkToCstmrStmt", report="Stmt", balances=balances, entries=entries,
        message_id="STM20260331000118", created_on=date(2026, 3, 31),
    )  # fmt: skip


# customs declarations ---------------------------------------------------------

_COLUMNS = {
    "报关单号": "Declaration No.", "状态": "Status", "境内发货人": "Domestic consignor",
    "境内发货人统一社会信用代码": "Consignor USCC", "境外收货人": "Overseas consignee", "申报单位": "Declaring agent",
    "申报日期": "Declaration date", "出口日期": "Export date", "放行日期": "Release date", "结关日期": "Clearance date",
    "监管方式": "Supervision mode", "成交方式": "Transaction mode", "运输方式": "Transport mode",
    "运输工具名称及航次号": "Vessel and voyage", "提运单号": "B/L No.", "合同协议号": "Contract No.",
    "出境关别": "Exit port", "离境口岸": "Port of loading", "指运港": "Port of destination",
    "贸易国(地区)": "Trade country", "运抵国(地区)": "Destination country", "包装种类": "Kind of packages",
    "件数": "Packages", "毛重(千克)": "Gross weight (kg)", "净重(千克)": "Net weight (kg)",
    "集装箱号": "Container numbers", "运费": "Freight", "保费": "Insurance", "总价合计": "Total",
    "项号": "Line No.", "商品编号": "HS code", "商品名称": "Description of goods", "规格型号": "Specification",
    "成交数量": "Quantity", "成交单位": "Unit", "单价": "Unit price", "总价": "Amount", "币制": "Currency",
    "第二法定数量": "Second legal quantity", "第二法定单位": "Second legal unit", "原产国(地区)": "Country of origin",
    "最终目的国(地区)": "Final destination", "征免": "Duty mode",
}  # fmt: skip
"""The columns of a broker's export, in Chinese and in English."""


def _header_cells(shipment: Shipment) -> dict[str, str]:
    """The fields of the declaration as a whole."""
    contract = shipment.contract
    loading, discharge = contract.loading, contract.discharge
    return {
        "报关单号": shipment.declaration, "状态": "结关" if shipment.settled_on else "放行",
        "境内发货人": trade.DONGYU.zh, "境内发货人统一社会信用代码": trade.DONGYU.uscc,
        "境外收货人": contract.buyer.name, "申报单位": trade.BROKER.zh, "申报日期": shipment.declared_on.isoformat(),
        "出口日期": shipment.exported_on.isoformat(), "放行日期": shipment.released_on.isoformat(),
        "结关日期": shipment.settled_on.isoformat() if shipment.settled_on else "",
        "监管方式": "0110", "成交方式": contract.incoterm, "运输方式": "水路运输",
        "运输工具名称及航次号": f"{shipment.vessel}/{shipment.voyage}", "提运单号": shipment.bill,
        "合同协议号": contract.number, "出境关别": loading.office, "离境口岸": f"{loading.zh}({loading.code})",
        "指运港": f"{discharge.zh}({discharge.code})", "贸易国(地区)": discharge.country_zh,
        "运抵国(地区)": discharge.country_zh, "包装种类": shipment.package_kind_zh, "件数": str(shipment.packages),
        "毛重(千克)": _plain(shipment.gross_kg), "净重(千克)": _plain(shipment.net_kg),
        "集装箱号": ";".join(shipment.containers),
        "运费": f"USD/{shipment.freight}/3" if shipment.freight else "",
        "保费": f"USD/{shipment.insurance}/3" if shipment.insurance else "", "总价合计": f"{shipment.goods_total:.2f}",
    }  # fmt: skip


def _line_cells(line: trade.Line, number: int, destination: str) -> dict[str, str]:
    goods = line.goods
    return {
        "项号": str(number), "商品编号": goods.hs_code, "商品名称": goods.zh, "规格型号": f"{goods.model}|品牌:东裕",
        "成交数量": str(line.quantity), "成交单位": goods.unit_zh, "单价": f"{line.price:.2f}",
        "总价": f"{line.amount:.2f}", "币制": "美元", "第二法定数量": _plain(line.net_kg), "第二法定单位": "千克",
        "原产国(地区)": "中国", "最终目的国(地区)": destination, "征免": "照章征税",
    }  # fmt: skip


def _declarations(shipments: tuple[Shipment, ...]) -> bytes:
    """CSV as spreadsheets in China write it: UTF-8 with a byte order mark."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for shipment in shipments:
        for number, line in enumerate(shipment.lines, 1):
            header = _header_cells(shipment) if number == 1 else {"报关单号": shipment.declaration}
            writer.writerow(header | _line_cells(line, number, shipment.contract.discharge.country_zh))
    return text.getvalue().encode("utf-8-sig")


def _earlier_row(each: EarlierExport) -> dict[str, object]:
    line = trade.Line(each.goods, each.quantity, each.price)
    declared = each.exported_on - timedelta(days=3)
    return {
        "报关单号": each.declaration, "状态": "结关", "境内发货人": trade.DONGYU.zh,
        "境内发货人统一社会信用代码": trade.DONGYU.uscc, "境外收货人": each.buyer.name, "申报单位": trade.BROKER.zh,
        "申报日期": declared, "出口日期": each.exported_on, "放行日期": declared + timedelta(days=1),
        "结关日期": each.exported_on + timedelta(days=6), "监管方式": "0110", "成交方式": "FOB", "运输方式": "水路运输",
        "出境关别": each.declaration[:4], "指运港": each.port.code, "贸易国(地区)": each.port.country_zh,
        "运抵国(地区)": each.port.country_zh, "毛重(千克)": float(line.gross_kg), "净重(千克)": float(line.net_kg),
        "总价合计": float(line.amount), **_line_cells(line, 1, each.port.country_zh),
        "成交数量": line.quantity, "单价": float(line.price), "总价": float(line.amount),
    }  # fmt: skip


def _earlier_declarations() -> bytes:
    """XLSX with headers in two languages, real dates and numbers; the same bytes at any time."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "2025出口"
    rows = [_earlier_row(each) for each in trade.EARLIER]
    columns = [name for name in _COLUMNS if any(name in row for row in rows)]
    sheet.append([f"{name} / {_COLUMNS[name]}" for name in columns])
    for row in rows:
        sheet.append([row.get(name) for name in columns])
    packed = io.BytesIO()
    book.save(packed)
    return _without_time(packed.getvalue())


def _without_time(workbook: bytes) -> bytes:
    """Every part stored under one date, and no moment of writing in the properties."""
    steady = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(steady, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-31T00:00:00Z", part)
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 31, 0, 0, 0)), part)
    return steady.getvalue()


# our own JSON -----------------------------------------------------------------


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _application(
    loan_id: str, applied_on: date, matures_on: date, amount: str, items: list[tuple[Shipment, Decimal]]
) -> bytes:
    shipments = [shipment for shipment, _ in items]
    last = max(shipment.exported_on for shipment in shipments) + timedelta(days=trade.PAYMENT_DAYS)
    return _json({
        "kind": "application",
        "loan_id": loan_id,
        "applicant": {"name": trade.DONGYU.zh, "other_names": [trade.DONGYU.name], "uscc": trade.DONGYU.uscc},
        "applied_on": applied_on.isoformat(),
        "financing": "post-shipment",
        "amount": {"amount": amount, "currency": "CNY"},
        "matures_on": matures_on.isoformat(),
        "expected_receipt_on": last.isoformat(),
        "declarations": [
            {
                "declaration_number": shipment.declaration,
                "amount": {"amount": f"{held:.2f}", "currency": "USD"},
            }
            for shipment, held in items
        ],
        "contracts": list(dict.fromkeys(shipment.contract.number for shipment in shipments)),
        "invoices": [shipment.invoice for shipment in shipments],
        "transport_documents": [shipment.bill for shipment in shipments],
        "packing_lists": [shipment.packing_list for shipment in shipments],
        "insurance_documents": [shipment.insurance_policy for shipment in shipments if shipment.insurance_policy],
        "purpose": "出口押汇 export bill financing",
        "terms": {"rate_percent": "3.45", "interest": "arrears"},
    })  # fmt: skip


def _dongyu(applied_on: date, shipments: tuple[Shipment, ...]) -> bytes:
    items = [(shipment, shipment.fob) for shipment in shipments]
    return _application("DY-2026-001", applied_on, date(2026, 7, 20), "7760000.00", items)


def _tradebank() -> bytes:
    items = [(trade.CHILE_CABLE_SHIPMENT, Decimal("180000.00"))]
    return _application("TB-2026-044", trade.TRADEBANK_APPLIED_ON, date(2026, 7, 10), "1000000.00", items)


def _papers_only() -> dict[str, bytes]:
    """One export with two of the mistakes, in one folder: for a check without any ledger."""
    shipment = trade.GERMANY_SHIPMENT
    items = [(shipment, shipment.fob)]
    return {
        "application.json": _application("DY-2026-002", trade.APPLIED_ON, date(2026, 7, 20), "1250000.00", items),
        "declarations.csv": _declarations((shipment,)),
        "classification.json": _classification(),
        "rates.json": _rates(),
        **dict(_bank_papers((shipment,), planted=True)),
    }


def _insurance(shipment: Shipment) -> bytes:
    contract = shipment.contract
    return _json({
        "kind": "insurance",
        "policy_number": shipment.insurance_policy,
        "issued_on": (shipment.exported_on - timedelta(days=1)).isoformat(),
        "insurer": {"name": trade.INSURER.name, "other_names": [trade.INSURER.zh]},
        "insured": {"name": trade.DONGYU.name, "other_names": [trade.DONGYU.zh], "uscc": trade.DONGYU.uscc},
        "insured_amount": {"amount": f"{shipment.insured:.2f}", "currency": "USD"},
        "risks": ["Institute Cargo Clauses (A)", "Institute War Clauses (Cargo)"],
        "vessel": shipment.vessel,
        "voyage": shipment.voyage,
        "loading": {"code": contract.loading.code, "name": contract.loading.name},
        "destination": {"code": contract.discharge.code, "name": contract.discharge.name},
        "claims_payable_at": contract.discharge.name,
        "contract_number": contract.number,
        "invoice_numbers": [shipment.invoice],
        "bill_numbers": [shipment.bill],
    })  # fmt: skip


def _classification() -> bytes:
    return _json({
        "kind": "classification",
        "enterprise_uscc": trade.DONGYU.uscc,
        "enterprise_name": trade.DONGYU.zh,
        "enterprise_class": "A",
        "valid_from": "2025-07-01",
        "notice": "黔汇分类〔2025〕17号",
    })  # fmt: skip


def _rates() -> bytes:
    return _json([
        {"kind": "rate", "currency": "USD", "quoted_on": day.isoformat(), "unit": 100, "cny": rate}
        for day, rate in trade.RATES.items()
    ])  # fmt: skip


def _policy() -> bytes:
    return _json({
        "kind": "policy",
        "bank": "EximbankMSP",
        "effective_from": "2026-01-01",
        "financed_percent": "80",
        "tenor_max_days": 180,
    })  # fmt: skip


# the folders ------------------------------------------------------------------

_PAPERS: dict[str, tuple[Callable[[Shipment], str], Callable[[Shipment], bytes]]] = {
    "contract": (lambda shipment: shipment.contract.number, lambda shipment: _contract(shipment.contract)),
    "invoice": (lambda shipment: shipment.invoice, _invoice),
    "bill": (lambda shipment: shipment.bill, _bill),
    "packing-list": (lambda shipment: shipment.packing_list, _packing_list),
}
"""The papers that a bank gets for a shipment: each with its number and how it is written."""


def _bank_papers(shipments: tuple[Shipment, ...], planted: bool = False) -> Iterator[tuple[str, bytes]]:
    mistakes = {mistake.paper: mistake.change for mistake in PLANTED} if planted else {}
    for shipment in shipments:
        for kind, (number_of, write) in _PAPERS.items():
            number = number_of(shipment)
            change = mistakes.get(number, lambda same: same)
            yield f"{kind}-{number.replace(' ', '-')}.xml", write(change(shipment))
        if shipment.insurance_policy:
            yield f"insurance-{shipment.insurance_policy}.json", _insurance(shipment)


def _customs_sees(planted: bool) -> tuple[Shipment, ...]:
    mistakes = {mistake.paper: mistake.change for mistake in PLANTED} if planted else {}
    return tuple(mistakes.get(each.declaration, lambda same: same)(each) for each in trade.SHIPMENTS)


def papers() -> dict[str, bytes]:
    """Every file of the example by its path."""
    found = {
        "application.json": _dongyu(trade.APPLIED_ON, trade.FIRST_SIX),
        "customs/declarations-2026.csv": _declarations(_customs_sees(planted=True)),
        "customs/declarations-2025.xlsx": _earlier_declarations(),
        "safe/classification.json": _classification(),
        "safe/rates.json": _rates(),
        "safe/statement-2025.camt053.xml": _statement(),
        "policies/eximbank.json": _policy(),
        "tradebank/application.json": _tradebank(),
        "receipt/credits-2026-04.camt054.xml": _notification(),
        "corrected/application.json": _dongyu(trade.AMENDED_ON, trade.CORRECTED_SIX),
    }
    found |= {f"papers-only/{name}": paper for name, paper in _papers_only().items()}
    first = dict(_bank_papers(trade.FIRST_SIX, planted=True))
    found |= {f"eximbank/{name}": paper for name, paper in first.items()}
    found |= {f"tradebank/{name}": paper for name, paper in _bank_papers((trade.CHILE_CABLE_SHIPMENT,))}
    for name, paper in _bank_papers(trade.CORRECTED_SIX):
        if first.get(name) != paper:
            found[f"corrected/eximbank/{name}"] = paper
    changed = [
        after for before, after in zip(_customs_sees(True), _customs_sees(False), strict=True) if before != after
    ]
    found["corrected/customs/declarations-amended.csv"] = _declarations(tuple(changed))
    return found


def main(folder: Path) -> None:
    for name, paper in papers().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(paper)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
