"""A proof of a real decision: exported by a member, checked by somebody with nothing but the CAs' certificates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.fabric.consortium import Members
from tests.fabric.trade import DONGYU, EARLIER_LOAN, Bank

from eximledger import connect
from eximledger.cli import main
from eximledger.desk import LoanDesk
from eximledger.proof import Authorities, export_proof, verify_proof
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.roles import ROLE_ATTRIBUTE
from eximledger_chaincode.rules import Verdict
from hlf_client.errors import NotAuthorized, NotFound
from hlf_client.gateway import GatewayLedger, Profile
from hlf_client.identity import CertificateAuthority, Ed25519Signer, Identity, NodeRole, Subject

pytestmark = [pytest.mark.fabric, pytest.mark.xdist_group("fabric")]


@pytest.fixture
def authorities(members: Members) -> dict[str, Path]:
    """What each member gives an auditor: its CA's certificate."""
    layout = members.network.layout
    return {owner.msp: layout.msp(owner) / "cacerts" / "ca.pem" for owner in members.network.consortium.organizations}


async def test_a_decision_is_proven_to_somebody_who_has_only_the_file(
    members: Members, lent: Verdict, authorities: dict[str, Path]
) -> None:
    async with connect(members.network.layout.root / "profiles", "tradebank") as ledger:
        content = (await export_proof(ledger, EARLIER_LOAN)).content
    trusted = Authorities.read((msp_id, authorities[msp_id]) for msp_id in ("TradebankMSP", "SafeMSP", "EximbankMSP"))
    proven = verify_proof(content, trusted, ["SafeMSP"])
    assert proven.loan.loan_id == EARLIER_LOAN
    assert proven.decision.outcome is LoanState.APPROVED
    assert proven.decision.evidence_hash == lent.evidence_hash
    assert proven.state is LoanState.DISBURSED
    assert {"SafeMSP", "TradebankMSP"} <= set(proven.endorsed_by)
    assert {"SafeMSP", "TradebankMSP"} <= set(proven.attested_by)
    without_safe = Authorities.read([("TradebankMSP", authorities["TradebankMSP"])])
    with pytest.raises(NotAuthorized):
        verify_proof(content, without_safe)


def test_the_command_line_exports_and_verifies_without_a_network(
    members: Members, lent: Verdict, authorities: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "loan.proof.json"
    profiles = str(members.network.layout.root / "profiles")
    made = CliRunner().invoke(
        main,
        ["proof", "export", EARLIER_LOAN, "--to", str(file), "--ledger", profiles, "--as", "safe", "--json"],
    )
    assert made.exit_code == 0, made.stderr
    monkeypatch.setattr("socket.socket", _no_network)
    trust = [option for path in authorities.values() for option in ("--trust", str(path))]
    checked = CliRunner().invoke(main, ["proof", "verify", str(file), *trust, "--require", "SafeMSP", "--json"])
    assert checked.exit_code == 0, checked.stderr
    assert json.loads(checked.stdout)["decision"]["loan"]["loan_id"] == EARLIER_LOAN
    shown = CliRunner().invoke(main, ["proof", "verify", str(file), *trust])
    assert lent.evidence_hash in shown.stdout


async def test_an_officer_whose_key_is_ed25519_decides_and_it_is_proven(
    members: Members, lent: Verdict, authorities: dict[str, Path]
) -> None:
    """Our channels have the capability V3_0, under which Fabric takes such keys."""
    loan_id, officer = "TB-ED25519", checker_with_ed25519(members, "tradebank")
    Bank.of(members, "tradebank").apply(DONGYU / "tradebank" / "application.json", loan_id)
    profile = Profile.find(members.network.layout.root / "profiles", "tradebank")
    async with GatewayLedger.connect(profile, officer, chaincode="exim") as ledger:
        await LoanDesk(ledger).reject(loan_id, "the exporter has withdrawn")
        content = (await export_proof(ledger, loan_id)).content
    proven = verify_proof(content, Authorities.read(authorities.items()), ["SafeMSP"])
    assert proven.decision.outcome is LoanState.REJECTED
    assert (proven.decided_by, proven.decision.by) == ("TradebankMSP", officer.certificate_hash)


def checker_with_ed25519(members: Members, organization: str) -> Identity:
    """One more officer, enrolled by the bank's own authority."""
    owner = members.network.consortium.organization(organization)
    folder = members.network.layout.organization(owner) / "ca"
    authority = CertificateAuthority.load((folder / "cert.pem").read_bytes(), (folder / "key.pem").read_bytes())
    key = Ed25519PrivateKey.generate()
    subject = Subject("edward", owner.domain, NodeRole.CLIENT)
    certificate = authority.enrol(subject, key.public_key(), attributes={ROLE_ATTRIBUTE: "checker"})
    return Identity(owner.msp, certificate, Ed25519Signer(key))


async def test_what_is_not_decided_or_not_there_is_not_proven(members: Members, lent: Verdict) -> None:
    async with connect(members.network.layout.root / "profiles", "tradebank") as ledger:
        with pytest.raises(NotFound):
            await export_proof(ledger, "NO-SUCH-LOAN")


def _no_network(*_: object, **__: object) -> None:
    raise AssertionError("an offline check opened a socket")
