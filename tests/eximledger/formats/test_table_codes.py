"""Tables: codes by a name, and texts that hold a name and say something else."""

from __future__ import annotations

import pytest

from eximledger.formats.tables import codes
from eximledger.formats.text.ports import port_in, port_named_alone
from eximledger_chaincode.documents import DeclarationStatus


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hong Kong, China", "HK"), ("Hong Kong (China)", "HK"), ("HONG KONG SAR", "HK"), ("中国香港", "HK"),
        ("Macau, China", "MO"), ("Taiwan, China", "TW"), ("Guinea Bissau", "GW"), ("Papua New Guinea", "PG"),
        ("Congo (DRC)", "CD"), ("D.R. Congo", "CD"), ("Northern Ireland", "GB"), ("S. Sudan", "SS"),
        ("US Virgin Islands", "VI"), ("UAE", "AE"), ("U.A.E.", "AE"), ("Russia", "RU"), ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Cote d'Ivoire", "CI"), ("Côte d’Ivoire", "CI"), ("Republic of Korea", "KR"),
        ("KR - Korea, Republic of", "KR"),
        ("P.R. CHINA", "CN"), ("Made in China", "CN"), ("Hamburg, Germany", "DE"), ("DE Germany", "DE"),
        ("(USA)美国", "US"),
        ("502 美国", "US"), ("U.S.A.", "US"),
        ("Georgia, USA", None), ("Jersey City", None), ("Mexico City", None), ("Netherlands Antilles", None),
        ("not Germany", None), ("CN/HK", None), ("China or Vietnam", None), ("Reunion, France", None), ("Korea", None),
        ("de", None), ("", None),
    ],
)  # fmt: skip
def test_a_country_is_what_the_whole_text_names(text: str, code: str | None) -> None:
    assert codes.country(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DEHAM", "DEHAM"), ("CN SHA", "CNSHA"), ("Hamburg (DEHAM)", "DEHAM"), ("DEHAM Hamburg", "DEHAM"),
        ("USLAX LOS ANGELES", "USLAX"), ("CNTAO, Qingdao", "CNTAO"), ("上海CNSHA", "CNSHA"),
        ("NHAVA SHEVA/INNSA", "INNSA"),
        ("洛杉矶(USA309)", "USA309"), ("2248", "2248"), ("外高桥关 2248", "2248"),
        ("INDIA", None), ("CHENNAI, INDIA", None), ("Shanghai, China", None), ("MOMBASA KENYA", None), ("SEOUL", None),
        ("DELHI", None), ("Genoa, ITALY", None), ("PORT QASIM", None), ("ESPIRITU SANTO", None),
        ("GRAND BANKS", None), ("SANTA MARTA", None), ("MAR DEL PLATA", None),
        ("LA PAZ", None), ("Delhi", None), ("DOVER", None), ("DEHAM / DEBRV", None), ("HAMBURG", None),
        ("x" * 101, None),
    ],
)  # fmt: skip
def test_a_port_is_a_code_and_no_name(text: str, code: str | None) -> None:
    assert port_in(text) == code
    assert codes.port(text) == code


def test_a_place_that_stands_alone_in_a_letter_of_credit() -> None:
    assert [port_named_alone(text) for text in ("CNSHA", "INDIA", "CHINA", "Seoul", "BUSAN")] == ["CNSHA", *[None] * 4]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("已放行", DeclarationStatus.RELEASED), ("released", DeclarationStatus.RELEASED),
        ("结关(cleared)", DeclarationStatus.SETTLED), ("not released", None), ("Not yet cleared", None),
        ("to be released", None), ("partially released", None), ("已放行,未结关", None), ("未结关", None),
        ("结关(已撤单)", None), ("Cleared: no", None),
    ],
)  # fmt: skip
def test_a_status_is_what_the_whole_text_says(text: str, status: DeclarationStatus | None) -> None:
    assert codes.status(text) == status


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Pro-forma Invoice", "325"), ("PRO FORMA INVOICE", "325"), ("Credit-note", "381"),
        ("Commercial invoice (380)", "380"),
        ("Advance invoice", None), ("Corrected invoice", None), ("Self-billed invoice", None), ("Credit invoice", None),
        ("Note", None),
    ],
)  # fmt: skip
def test_a_type_of_invoice_is_what_the_whole_text_says(text: str, code: str | None) -> None:
    assert codes.invoice_type(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US Dollars", "USD"), ("US$", "USD"), ("€", "EUR"), ("Euro", "EUR"), ("美元(USD)", "USD"),
        ("USD US Dollar", "USD"),
        ("110", "HKD"), ("not USD", None), ("USD/HKD", None), ("HKD or USD", None), ("$", None), ("¥", None),
        ("XXX", None), ("XTS", None),
    ],
)  # fmt: skip
def test_a_currency_is_what_the_whole_text_says(text: str, code: str | None) -> None:
    assert codes.currency(text) == code


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("FOB", "3"), ("FOB(3)", "3"), ("3-FOB", "3"), ("FOB SHANGHAI", "3"), ("CIF, Hamburg", "1"), ("C&F", "2"),
        ("FCA (FOB)", None), ("FOB CIF", None), ("FOB(1)", None), ("FCA Shanghai", None), ("CIF/C", None),
    ],
)  # fmt: skip
def test_a_transaction_mode_is_the_term_before_a_place(text: str, mode: str | None) -> None:
    assert codes.transaction_mode(text) == mode


def test_a_mode_of_transport_in_words() -> None:
    texts = ("By sea", "Sea freight", "水路运输(2)", "Sea-air")
    assert [codes.transport_mode(text) for text in texts] == ["2", "2", "2", None]
