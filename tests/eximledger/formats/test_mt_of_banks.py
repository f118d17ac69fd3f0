"""Statements in SWIFT MT as banks really write them: what was refused or read wrongly of public samples."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from eximledger.formats import Reading, read
from eximledger_chaincode.documents import FxReceipt
from hlf_chaincode.errors import InvalidDocument


def statement(line: str, account: str = "12345678", number: str = "7/1", narrative: str = "PAYMENT") -> str:
    return (
        f":20:STMT\n:25:{account}\n:28C:{number}\n:60F:C260301USD0000000000000100,00\n:61:{line}\n:86:{narrative}\n"
        ":62F:C260303USD1100,00\n-\n"
    )


def receipt_of(reading: Reading) -> FxReceipt:
    (found,) = reading.documents
    assert isinstance(found, FxReceipt)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "2603020302C1000,00NTRFREFERENCE//BANKREF", "260302    CD1000,00NMSCREFERENCE//BANKREF",
        "2603020302CD1000,00S   REFERENCE//BANKREF", "2603020302C1000,00MCI0REFERENCE//BANKREF",
        "2603020302C0000000000000001000,00NTRFREFERENCE//BANKREF",
    ],
)  # fmt: skip
def test_a_line_is_read_however_its_bank_fills_it(line: str) -> None:
    found = receipt_of(read(statement(line).encode()))
    assert (found.amount.amount, found.value_on, found.reference) == (Decimal(1000), date(2026, 3, 2), "BANKREF")


@pytest.mark.parametrize(("day", "meant"), [("260230", date(2026, 2, 28)), ("280230", date(2028, 2, 29))])
def test_the_thirtieth_of_february_is_its_last_day(day: str, meant: date) -> None:
    assert receipt_of(read(statement(f"{day}C1000,00NTRFREFERENCE//BANKREF").encode())).value_on == meant


@pytest.mark.parametrize("day", ["260231", "260431", "261301"])
def test_no_other_day_is_mended(day: str) -> None:
    with pytest.raises(InvalidDocument, match="not of the calendar"):
        read(statement(f"{day}C1000,00NTRFREFERENCE//BANKREF").encode())


def test_an_account_between_bank_and_currency_is_the_account() -> None:
    found = receipt_of(read(statement("260302C1000,00NTRFREF-1234", "UBRTHUHB/1234567890/USD").encode()))
    assert (found.account, found.account_bank and found.account_bank.name) == ("1234567890", "UBRTHUHB")


def test_a_blank_line_is_no_part_of_a_number() -> None:
    found = receipt_of(read(statement("260302C1000,00NTRFNONREF", number="0072\n").encode()))
    assert found.reference == "0072-1"


def test_letters_of_an_unnamed_encoding_are_not_guessed() -> None:
    """Bytes of Latin-1 make characters of GB 18030, too: wrong ones."""
    said = statement("260302C1000,00NTRFREF-1234", narrative="Müller GmbH, Überweisung, tutalás jóvá")
    found = read(said.encode("latin-1"))
    assert receipt_of(found).remittance == ("M�ller GmbH, �berweisung, tutal�s j�v�",)
    assert [(part.path, part.values) for part in found.unmapped if part.path == "text"] == [("text", 5)]
    right = read(said.encode())
    assert receipt_of(right).remittance == ("Müller GmbH, Überweisung, tutalás jóvá",)
    chinese = statement("260302C1000,00NTRFREF-1234", narrative="贵州东裕电气货款")
    assert receipt_of(read(chinese.encode("gb18030"))).remittance == ("贵州东裕电气货款",)
    assert not [part for part in read(chinese.encode("gb18030")).unmapped if part.path == "text"]
