"""A proof of a real decision: exported by a member, checked by somebody with nothing but the CAs' certificates."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.fabric.consortium import Members
from tests.fabric.trade import DONGYU, EARLIER_LOAN, Bank

from eximledger import connect
from eximledger.cli import main
from eximledger.desk import LoanDesk
from eximledger.proof import Authorities, TrustedNetwork, TrustFile, export_proof, export_trust, verify_proof
from eximledger_chaincode.contracts.state.vault import SALT_BYTES
from eximledger_chaincode.lending.loan import LoanState, WrittenStep
from eximledger_chaincode.lending.roles import ROLE_ATTRIBUTE
from eximledger_chaincode.rules import Verdict
from hlf_client.errors import InvalidDocument, NotAuthorized, NotFound
from hlf_client.gateway import GatewayLedger, Profile
from hlf_client.identity import CertificateAuthority, Ed25519Signer, Identity, NodeRole, Subject
from hlf_client.wire.evidence import verify_transaction

pytestmark = pytest.mark.fabric


@pytest.fixture
def authorities(members: Members) -> dict[str, Path]:
    """What each member gives an auditor: its CA's certificate."""
    layout = members.network.layout
    return {owner.msp: layout.msp(owner) / "cacerts" / "ca.pem" for owner in members.network.consortium.organizations}


async def test_a_decision_is_proven_to_somebody_who_has_only_the_file(
    members: Members, lent: Verdict, authorities: dict[str, Path]
) -> None:
    async with connect(members.network.layout.root / "profiles", "tradebank") as ledger:
        file = await export_proof(ledger, EARLIER_LOAN)
        pinned = await export_trust(ledger)
    content, network = file.content, TrustedNetwork.of([pinned])
    assert pinned.genesis == TrustFile.read(members.network.layout.block("bank")).genesis
    roots = {each.msp_id: each.roots[0].split() for each in pinned.members}
    for msp_id in ("EximbankMSP", "SafeMSP", "TradebankMSP"):
        assert roots[msp_id] == authorities[msp_id].read_text().split()
    proven = verify_proof(content, network)
    assert proven.loan.loan_id == EARLIER_LOAN
    assert proven.decision.outcome is LoanState.APPROVED
    assert proven.decision.evidence_hash == lent.evidence_hash
    assert proven.state is LoanState.DISBURSED
    assert proven.endorsed_by == proven.attested_by == ("SafeMSP", "TradebankMSP")
    assert proven.network == pinned.genesis
    without_safe = replace(network, members=Authorities.read([("TradebankMSP", authorities["TradebankMSP"])]))
    with pytest.raises(NotAuthorized, match="signer of SafeMSP"):
        verify_proof(content, without_safe)
    with pytest.raises(InvalidDocument, match="another network"):
        verify_proof(content, replace(network, genesis="0" * 64))
    with pytest.raises(NotAuthorized, match="signer of"):
        verify_proof(content, replace(network, orderers=Authorities(())))


async def test_the_block_has_the_hashes_of_what_is_proven_and_no_more(members: Members, lent: Verdict) -> None:
    async with connect(members.network.layout.root / "profiles", "tradebank") as ledger:
        file, pinned = await export_proof(ledger, EARLIER_LOAN), await export_trust(ledger)
    members_of = TrustedNetwork.of([pinned]).members.trust()
    said = verify_transaction(file.statement.payload, file.statement.signature, members_of)
    told = WrittenStep.model_validate_json(said.transaction.result)
    value, block = b64decode(told.value), b"".join(file.block.data)
    for hashed in (told.key.encode(), value):
        assert hashlib.sha256(hashed).digest() in block
    for secret in (told.key.encode(), value[:SALT_BYTES], EARLIER_LOAN.encode(), lent.evidence_hash.encode()):
        assert secret not in block
    assert hashlib.sha256(value[SALT_BYTES:]).digest() not in block


async def test_another_bank_proves_nothing_of_a_loan(members: Members, lent: Verdict) -> None:
    async with connect(members.network.layout.root / "profiles", "eximbank") as ledger:
        with pytest.raises(NotFound):
            await export_proof(ledger, EARLIER_LOAN)
        with pytest.raises(NotAuthorized):
            await export_proof(ledger, EARLIER_LOAN, bank="TradebankMSP")


def test_the_command_line_exports_and_verifies_without_a_network(
    members: Members, lent: Verdict, authorities: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "loan.proof.json"
    profiles = str(members.network.layout.root / "profiles")
    said = ["proof", "export", EARLIER_LOAN, "--bank", "TradebankMSP", "--to", str(file)]
    made = CliRunner().invoke(main, [*said, "--ledger", profiles, "--as", "safe", "--json"])
    assert made.exit_code == 0, made.stderr
    pinned = tmp_path / "bank.trust.json"
    named = CliRunner().invoke(
        main, ["proof", "trust", "--to", str(pinned), "--ledger", profiles, "--as", "safe", "--json"]
    )
    assert named.exit_code == 0, named.stderr
    monkeypatch.setattr("socket.socket", _no_network)
    trust = ["--trust", str(pinned)]
    checked = CliRunner().invoke(main, ["proof", "verify", str(file), *trust, "--json"])
    assert checked.exit_code == 0, checked.stderr
    assert json.loads(checked.stdout)["decision"]["loan"]["loan_id"] == EARLIER_LOAN
    members_of = [f"{msp_id}={path}" for msp_id, path in authorities.items()]
    each = [option for one in members_of for option in ("--trust", one, "--orderer", one)]
    first = json.loads(named.stdout)["trust"]["genesis"]
    by_name = CliRunner().invoke(main, ["proof", "verify", str(file), *each, "--genesis", first])
    assert by_name.exit_code == 0, by_name.stderr
    shown = CliRunner().invoke(main, ["proof", "verify", str(file), *trust])
    assert lent.evidence_hash in shown.stdout


async def test_an_officer_whose_key_is_ed25519_decides_and_it_is_proven(members: Members, lent: Verdict) -> None:
    """Our channels have the capability V3_0, under which Fabric takes such keys."""
    loan_id, officer = "TB-ED25519", checker_with_ed25519(members, "tradebank")
    Bank.of(members, "tradebank").apply(DONGYU / "tradebank" / "application.json", loan_id)
    profile = Profile.find(members.network.layout.root / "profiles", "tradebank")
    async with GatewayLedger.connect(profile, officer, chaincode="exim") as ledger:
        await LoanDesk(ledger).reject(loan_id, "the exporter has withdrawn")
        content = (await export_proof(ledger, loan_id)).content
        network = TrustedNetwork.of([await export_trust(ledger)])
    proven = verify_proof(content, network)
    assert proven.decision.outcome is LoanState.REJECTED
    assert (proven.decided_by, proven.decision.by.msp_id) == ("TradebankMSP", "TradebankMSP")


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
