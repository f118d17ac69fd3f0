"""Code tables of China Customs: facts, each with its source.

- Countries: 国别（地区）代码表 in three digits, in use until 海关总署公告 2017 年第 72 号 put ISO 3166-1's letters in
  its place. Codes for whole continents and for places without an ISO code of their own are left out.
- Currencies: 货币代码表 in three digits, in use until the same announcement; those that ended with the euro are left
  out.
- Supervision modes: 监管方式代码表, with the names that the form prints.
- Transaction modes: 成交方式代码表 1 to 7; transport modes: 运输方式代码表. Units: 计量单位代码表, in
  `eximledger_chaincode.documents.parts.units`.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CUSTOMS_COUNTRIES", "CUSTOMS_CURRENCIES", "SUPERVISION_MODES", "TRANSACTION_MODES", "TRANSPORT_MODES"]


def _coded(listed: str) -> dict[str, str]:
    pairs = listed.split()
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


CUSTOMS_COUNTRIES: Final = _coded(
    # Asia
    "101 AF 102 BH 103 BD 104 BT 105 BN 106 MM 107 KH 108 CY 109 KP 110 HK 111 IN 112 ID 113 IR 114 IQ 115 IL 116 JP "
    "117 JO 118 KW 119 LA 120 LB 121 MO 122 MY 123 MV 124 MN 125 NP 126 OM 127 PK 128 PS 129 PH 130 QA 131 SA 132 SG "
    "133 KR 134 LK 135 SY 136 TH 137 TR 138 AE 139 YE 141 VN 142 CN 143 TW 144 TL 145 KZ 146 KG 147 TJ 148 TM 149 UZ "
    # Africa
    "201 DZ 202 AO 203 BJ 204 BW 205 BI 206 CM 208 CV 209 CF 211 TD 212 KM 213 CG 214 DJ 215 EG 216 GQ 217 ET 218 GA "
    "219 GM 220 GH 221 GN 222 GW 223 CI 224 KE 225 LR 226 LY 227 MG 228 MW 229 ML 230 MR 231 MU 232 MA 233 MZ 234 NA "
    "235 NE 236 NG 237 RE 238 RW 239 ST 240 SN 241 SC 242 SL 243 SO 244 ZA 245 EH 246 SD 247 TZ 248 TG 249 TN 250 UG "
    "251 BF 252 CD 253 ZM 254 ZW 255 LS 257 SZ 258 ER 259 YT "
    # Europe
    "301 BE 302 DK 303 GB 304 DE 305 FR 306 IE 307 IT 308 LU 309 NL 310 GR 311 PT 312 ES 313 AL 314 AD 315 AT 316 BG "
    "318 FI 320 GI 321 HU 322 IS 323 LI 324 MT 325 MC 326 NO 327 PL 328 RO 329 SM 330 SE 331 CH 334 EE 335 LV 336 LT "
    "337 GE 338 AM 339 AZ 340 BY 343 MD 344 RU 347 UA 350 SI 351 HR 352 CZ 353 SK 354 MK 355 BA 356 VA "
    # Latin America
    "401 AG 402 AR 403 AW 404 BS 405 BB 406 BZ 408 BO 410 BR 411 KY 412 CL 413 CO 414 DM 415 CR 416 CU 417 CW 418 DO "
    "419 EC 420 GF 421 GD 422 GP 423 GT 424 GY 425 HT 426 HN 427 JM 428 MQ 429 MX 430 MS 431 NI 432 PA 433 PY 434 PE "
    "435 PR 437 LC 439 VC 440 SV 441 SR 442 TT 443 TC 444 UY 445 VE 446 VG 447 KN 448 PM "
    # North America and Oceania
    "501 CA 502 US 503 GL 504 BM 601 AU 602 CK 603 FJ 606 NR 607 NC 608 VU 609 NZ 610 NF 611 PG 613 SB 614 TO 617 WS "
    "618 KI 619 TV 620 FM 621 MH 622 PW 623 PF 625 WF"
)
"""Three digits and ISO 3166-1's two letters."""

CUSTOMS_CURRENCIES: Final = _coded(
    "110 HKD 113 IRR 116 JPY 118 KWD 121 MOP 122 MYR 127 PKR 129 PHP 132 SGD 133 KRW 136 THB 142 CNY 143 TWD 201 DZD "
    "300 EUR 302 DKK 303 GBP 326 NOK 330 SEK 331 CHF 344 RUB 501 CAD 502 USD 601 AUD 609 NZD"
)
"""Three digits and ISO 4217's three letters."""

TRANSACTION_MODES: Final = {
    "1": "CIF", "2": "C&F CFR CNF", "3": "FOB", "4": "C&I", "5": "市场价", "6": "垫仓", "7": "EXW",
}  # fmt: skip

TRANSPORT_MODES: Final = {
    "0": "非保税区", "1": "监管仓库", "2": "水路运输 水路 海运 江海运输 江海 sea water maritime ocean",
    "3": "铁路运输 铁路 rail railway", "4": "公路运输 公路 汽车运输 road truck", "5": "航空运输 航空 空运 air",
    "6": "邮件运输 邮件 mail post", "7": "保税区", "8": "保税仓库",
    "9": "其他方式运输 其它方式运输 其他 其他运输 other", "G": "固定设施运输", "H": "边境特殊海关作业区",
    "L": "旅客携带", "T": "综合实验区", "W": "物流中心", "X": "物流园区", "Y": "保税港区", "Z": "出口加工区",
}  # fmt: skip

SUPERVISION_MODES: Final = {
    "0110": "一般贸易 general trade", "0130": "易货贸易", "0200": "料件销毁", "0214": "来料加工",
    "0245": "来料料件内销", "0255": "来料深加工", "0258": "来料余料结转", "0265": "来料料件复出",
    "0300": "来料料件退换", "0314": "加工专用油", "0320": "不作价设备", "0345": "来料成品减免", "0400": "边角料销毁",
    "0420": "加工贸易设备", "0444": "保区进料成品", "0445": "保区来料成品", "0446": "加工设备内销",
    "0456": "加工设备结转", "0466": "加工设备退运", "0500": "减免设备结转", "0513": "补偿贸易",
    "0544": "保区进料料件", "0545": "保区来料料件", "0615": "进料对口 进料加工 进料加工(对口合同)",
    "0642": "进料以产顶进", "0644": "进料料件内销", "0654": "进料深加工", "0657": "进料余料结转",
    "0664": "进料料件复出", "0700": "进料料件退换", "0715": "进料非对口", "0744": "进料成品减免", "0815": "低值辅料",
    "0844": "进料边角料内销", "0845": "来料边角料内销", "0864": "进料边角料复出", "0865": "来料边角料复出",
    "1039": "市场采购", "1139": "国轮油物料", "1200": "保税间货物", "1210": "保税电商", "1215": "保税工厂",
    "1233": "保税仓库货物", "1234": "保税区仓储转口", "1239": "保税电商A", "1300": "修理物品", "1371": "保税维修",
    "1427": "出料加工", "1500": "租赁不满1年", "1523": "租赁贸易", "1616": "寄售代销", "1741": "免税品",
    "1831": "外汇商品", "2025": "合资合作设备", "2225": "外资设备物品", "2439": "常驻机构公用",
    "2600": "暂时进出货物", "2700": "展览品", "2939": "陈列样品", "3010": "货样广告品A 货样广告品",
    "3039": "货样广告品B", "3100": "无代价抵偿", "3339": "其他进出口免费 其它进出口免费", "3410": "承包工程进口",
    "3422": "对外承包出口",
    "3511": "援助物资", "3612": "捐赠物资", "4019": "边境小额", "4039": "对台小额", "4200": "驻外机构运回",
    "4239": "驻外机构购进", "4400": "来料成品退换", "4500": "直接退运", "4539": "进口溢误卸", "4561": "退运货物",
    "4600": "进料成品退换", "5000": "料件进出区", "5010": "特殊区域研发货物", "5014": "区内来料加工",
    "5015": "区内进料加工货物", "5033": "区内仓储货物", "5034": "区内物流货物", "5100": "成品进出区",
    "5300": "设备进出区", "5335": "境外设备进区", "5361": "区内设备退运", "6033": "物流中心进出境货物",
    "9600": "内贸货物跨境运输", "9610": "电子商务", "9639": "海关处理货物", "9700": "后续补税",
    "9710": "跨境电商B2B直接出口", "9739": "其他贸易", "9800": "租赁征税", "9810": "跨境电商出口海外仓",
    "9839": "留赠转卖物品", "9900": "其他",
}  # fmt: skip
