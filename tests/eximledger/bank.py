"""A bank's maker, enrolled by an authority that only the tests know; and a bank that an exporter authorises."""

from __future__ import annotations

from eximledger.desk import LoanDesk
from eximledger.testing import signed_authorisation
from eximledger_chaincode.lending.time import day_in_china
from hlf_client.identity import CertificateAuthority, Identity, NodeRole, PrivateKeySigner, Subject, generate_key


def bank_maker() -> Identity:
    key = generate_key()
    authority = CertificateAuthority.create(Subject("ca.bank.test", "Bank"))
    certificate = authority.enrol(Subject("maker", "Bank", NodeRole.CLIENT), key.public_key())
    return Identity("BankMSP", certificate, PrivateKeySigner(key))


async def authorised(desk: LoanDesk, exporter: str) -> None:
    """The exporter lets the desk's bank read all that there is of it, from today on."""
    ledger = desk.ledger
    await desk.authorise(signed_authorisation(exporter, ledger.msp_id, day_in_china(ledger.clock())))
