"""Attacks by a member of the consortium: tradebank, its clients, its administrator, and its peer with other chaincode.

Nothing here goes through our client, so what refuses is a peer's chaincode, a peer's validation or an orderer. Each
attack is followed by a look at an honest peer: nothing has changed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from tests.dongyu import CABLE
from tests.fabric.people import Denied, Outcome, Person, answer_of, transient_of
from tests.fabric.scene import ANYTHING, ATTACKERS, HOSTILE, OWN, TOO_FEW, VICTIM, Scene
from tests.fabric.servers import EXIM
from tests.fabric.trade import EARLIER_LOAN, Bank

from eximledger_chaincode.contracts.register.sealing import sealed_name
from eximledger_chaincode.contracts.state.keys import (
    BUSINESS_DAY_KEY,
    MEMBERS_KEY,
    financed_key,
    position_key,
    tokens_key,
)
from eximledger_chaincode.contracts.state.names import shared_with
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.matching import LoanTokens
from eximledger_chaincode.lending.steps import Proposal, Step
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.stub import composite_key
from hlf_client.admin.signatory import MspSignatory
from hlf_client.errors import FabricError, NotAuthorized, NotFound, Refused
from hlf_client.identity import PrivateKeySigner
from hlf_network.errors import NetworkError

pytestmark = pytest.mark.fabric

WITHDRAWAL = Proposal(step=Step.WITHDRAWAL, reason="because")


# -- declarations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ATTACKERS)
def test_no_bank_writes_or_amends_a_declaration(scene: Scene, user: str) -> None:
    attacker = scene.attacker(user)
    amended = scene.declaration.model_copy(update={"remarks": "ours"})
    new = scene.declaration.model_copy(update={"declaration_number": "224820260999999999"})
    for declaration in (amended, new):
        call = attacker.propose("customs", "documents:put", "declaration", declaration)
        for peer in ("customs", "safe", "eximbank"):
            with pytest.raises(NotAuthorized):
                attacker.endorsed_by(call, peer)


# -- loans and balance -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ATTACKERS)
@pytest.mark.parametrize("step", ["check", "reject", "refer", "withdraw", "propose", "confirm", "approve"])
def test_no_other_bank_moves_a_loan(scene: Scene, user: str, step: str) -> None:
    """To another bank's people it is no loan at all, and eximbank's peer has nothing of the bank that asks."""
    attacker = scene.attacker(user)
    known: dict[str, list[object]] = {
        "approve": [1, "0" * 64, []],
        "check": [],
        "propose": [WITHDRAWAL],
        "confirm": [WITHDRAWAL.id],
    }
    call = attacker.propose("bank", f"loans:{step}", VICTIM, *known.get(step, ["because"]))
    with pytest.raises(NotFound, match=f"there is no loan {VICTIM}"):
        attacker.endorsed_by(call, "safe")
    with pytest.raises(FabricError, match="not available"):
        attacker.endorsed_by(call, "eximbank")
    assert scene.state_of(VICTIM) is LoanState.CHECKED


def test_a_hostile_peer_cannot_move_another_banks_loan_by_the_contract(scene: Scene) -> None:
    """Its chaincode takes every loan for its own bank's, and has none of the others."""
    attacker = scene.attacker()
    call = attacker.propose("bank", "loans:withdraw", VICTIM, "because")
    with pytest.raises(NotAuthorized, match="access permission"):
        attacker.endorsed_by(call, "tradebank")
    helper = scene.members.person("eximbank")
    helped = helper.propose("bank", "loans:withdraw", VICTIM, "because")
    with pytest.raises(FabricError, match="not available"):
        helper.endorsed_by(helped, "tradebank")
    assert scene.state_of(VICTIM) is LoanState.CHECKED


def public_rows(scene: Scene) -> dict[str, str]:
    """The rows of the register that the attacker can name: by what its own bank is authorised to know."""
    attacker = scene.attacker()
    (seal,) = json.loads(attacker.ask("customs", "documents:seals", [CABLE]))
    shared = shared_with("TradebankMSP")
    stored = json.loads(attacker.ask("bank", "hostile:read_vault", shared, tokens_key(EARLIER_LOAN)))
    paper = LoanTokens.model_validate_json(stored).papers[0]
    token = next(iter(paper.sets[0].tokens.values()))
    return {
        "position": position_key(sealed_name(seal, "position")),
        "paper": financed_key(token),
        "business day": BUSINESS_DAY_KEY,
    }


@pytest.mark.parametrize("row", ["position", "paper", "business day"])
def test_a_hostile_peer_frees_no_balance_and_takes_none(scene: Scene, row: str) -> None:
    attacker, key = scene.attacker(), public_rows(scene)[row]
    before = Bank.of(scene.members, "tradebank").balance(CABLE)
    assert before.held.amount
    standing = json.loads(attacker.ask("bank", "hostile:read", key))
    assert standing
    for call in (
        attacker.propose("bank", "hostile:write", key, "{}"),
        attacker.propose("bank", "hostile:delete", key),
        attacker.propose("bank", "hostile:guard", key, ANYTHING),
    ):
        assert attacker.code_of(call, attacker.endorsed_by(call, "tradebank")) == TOO_FEW
    assert json.loads(attacker.ask("bank", "hostile:read", key)) == standing
    assert Bank.of(scene.members, "tradebank").balance(CABLE) == before


@pytest.mark.parametrize("channel", ["customs", "fx", "bank"])
def test_a_row_of_a_list_that_a_hostile_peer_wrote_is_invalid(scene: Scene, channel: str) -> None:
    attacker = scene.attacker()
    call = attacker.propose(channel, "hostile:write", composite_key("row", ("0" * 64, "0", "0" * 64)), "{}")
    assert attacker.code_of(call, attacker.endorsed_by(call, "tradebank")) == TOO_FEW


def test_nobody_approves_who_is_no_checker(scene: Scene) -> None:
    """Neither with an honest peer nor with a peer that lies."""
    honest = scene.victim.maker
    evidence = scene.victim.loan(VICTIM).verdict
    assert evidence is not None
    call = honest.propose("bank", "loans:approve", VICTIM, 1, evidence.evidence_hash, [])
    for peer in ("eximbank", "safe"):
        with pytest.raises(NotAuthorized, match=r"exim\.role=checker"):
            honest.endorsed_by(call, peer)
    attacker = scene.attacker("maker")
    call = attacker.propose("bank", "loans:approve", OWN, 1, "0" * 64, [])
    lie = attacker.endorsed_by(call, "tradebank")
    with pytest.raises(NotAuthorized, match=r"exim\.role=checker"):
        attacker.endorsed_by(call, "safe")
    assert attacker.code_of(call, lie) == TOO_FEW
    assert scene.own_state is LoanState.CHECKED


# -- a peer that lies --------------------------------------------------------------------------------------------------


def test_a_peer_that_skips_the_rules_gets_no_loan_approved(scene: Scene) -> None:
    """The second officer asks for it, the bank's own peer says yes; SAFE's peer recomputes and says no."""
    attacker = scene.attacker("checker")
    call = attacker.propose("bank", "loans:approve", OWN, 1, "0" * 64, [])
    lie = attacker.endorsed_by(call, "tradebank")
    assert json.loads(answer_of(call, lie[0].result))["state"] == "approved"
    with pytest.raises(Refused):
        attacker.endorsed_by(call, "safe")
    assert attacker.code_of(call, lie) == TOO_FEW
    assert scene.own_state is LoanState.CHECKED


def test_an_endorsement_lent_from_another_transaction_does_not_count(scene: Scene) -> None:
    """SAFE's signature is over what SAFE's peer computed, not over the lie beside it."""
    attacker = scene.attacker("checker")
    honest = attacker.propose("bank", "loans:withdraw", OWN, "a change of mind")
    lent = attacker.endorsed_by(honest, "safe")[0]
    call = attacker.propose("bank", "loans:approve", OWN, 1, "0" * 64, [])
    lie = attacker.endorsed_by(call, "tradebank")[0]
    stolen = type(lie.response)()
    stolen.CopyFrom(lie.response)
    stolen.endorsement.CopyFrom(lent.response.endorsement)
    assert attacker.code_of(call, [lie, replace(lie, response=stolen)]) in {TOO_FEW, "INVALID_ENDORSER_TRANSACTION"}
    assert scene.own_state is LoanState.CHECKED


def test_a_false_check_finds_no_second_peer_to_agree(scene: Scene) -> None:
    attacker = scene.attacker()
    call = attacker.propose("bank", "loans:check", OWN)
    answers = attacker.endorsed_by(call, "tradebank", "safe")
    assert json.loads(answer_of(call, answers[0].result))["verdict"] == "approve"
    assert json.loads(answer_of(call, answers[1].result))["verdict"] != "approve"
    with pytest.raises(NetworkError, match="differ"):
        attacker.commit(call, answers)
    assert attacker.code_of(call, answers[:1]) == TOO_FEW


def test_a_bureau_whose_peer_lies_gets_no_banks_loan_approved(scene: Scene) -> None:
    """The other way round: the bank's own honest peer is the one that says no."""
    scene.members.servers.run("safe", HOSTILE)
    try:
        checker = scene.victim.checker
        call = checker.propose("bank", "loans:approve", VICTIM, 1, "0" * 64, [])
        lie = checker.endorsed_by(call, "safe")
        with pytest.raises(FabricError):
            checker.endorsed_by(call, "eximbank")
        assert checker.code_of(call, lie) == TOO_FEW
    finally:
        scene.members.servers.run("safe", EXIM)
    assert scene.state_of(VICTIM) is LoanState.CHECKED


# -- private papers ----------------------------------------------------------------------------------------------------


def test_who_may_read_a_paper_reads_it(scene: Scene) -> None:
    """Without this the refusals below would prove nothing."""
    for reader, peer in (("eximbank", "eximbank"), ("eximbank", "safe"), ("safe", "safe")):
        person = scene.members.person(reader)
        record = person.ask("bank", "documents:get", "invoice", scene.invoice.id, "EximbankMSP", at=peer)
        assert scene.invoice.number in record.decode()


@pytest.mark.parametrize("user", ATTACKERS)
def test_no_other_bank_reads_a_private_paper_from_any_peer(scene: Scene, user: str) -> None:
    attacker = scene.attacker(user)
    for peer in ("eximbank", "safe", "tradebank"):
        with pytest.raises(NotAuthorized):
            attacker.ask("bank", "documents:get", "invoice", scene.invoice.id, "EximbankMSP", at=peer)


@pytest.mark.parametrize("channel", ["bank", "fx"])
def test_who_is_no_member_of_a_channel_learns_nothing_of_it(scene: Scene, channel: str) -> None:
    stranger = scene.members.person("customs")
    with pytest.raises(Denied, match="access denied"):
        stranger.ask(channel, "consortium:members", at="safe")


# -- replays -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filed(scene: Scene) -> Outcome:
    """Eximbank has filed one more paper, with its content in the transient map."""
    paper = scene.invoice.model_copy(update={"invoice_number": "DY-CI-REPLAY"})
    outcome = scene.victim.maker.submit("bank", "documents:put", "invoice", paper)
    scene.victim.maker.wait_until_known(outcome, "safe", "tradebank")
    return outcome


def test_nobody_finds_the_transient_in_the_transaction(filed: Outcome) -> None:
    transient = transient_of(filed.call)
    assert b"unit_price" in transient["arg1"]
    assert transient.pop("arg0") == b"invoice"  # which the event tells
    for value in transient.values():
        assert value in filed.call.signed.proposal_bytes
        assert value not in filed.envelope.payload
    assert filed.result not in filed.envelope.payload


def test_a_copied_proposal_is_not_endorsed_again(scene: Scene, filed: Outcome) -> None:
    for peer in ("eximbank", "safe"):
        with pytest.raises(Denied, match="duplicate transaction"):
            scene.attacker().endorsed_by(filed.call, peer)


def test_a_copied_proposal_is_no_better_with_another_signature(scene: Scene, filed: Outcome) -> None:
    attacker = scene.attacker()
    signed = type(filed.call.signed)(
        proposal_bytes=filed.call.proposal, signature=attacker.signatory.sign(filed.call.proposal)
    )
    with pytest.raises(Denied, match="access denied"):
        attacker.endorsed_by(replace(filed.call, signed=signed), "safe")


def test_a_copied_envelope_changes_nothing(scene: Scene, filed: Outcome) -> None:
    """An orderer takes it, a block may carry it, and it is a duplicate there."""
    maker = scene.victim.maker
    entry = json.loads(filed.result)
    scene.attacker().order(filed.call, filed.envelope)
    paper = scene.invoice.model_copy(update={"invoice_number": "DY-CI-LATER"})
    later = maker.submit("bank", "documents:put", "invoice", paper)
    assert later.block_number > filed.block_number
    history = json.loads(maker.ask("bank", "documents:history", "invoice", entry["id"], "EximbankMSP"))
    assert len(history) == 1


def test_a_copied_transient_files_a_paper_under_the_thiefs_own_name(scene: Scene, filed: Outcome) -> None:
    """It leaves the owner's paper alone; and whose came second is seen by its fingerprint."""
    attacker = scene.attacker()
    call = attacker.propose("bank", "documents:put", transient=transient_of(filed.call))
    outcome = attacker.commit(call, attacker.endorsed_by(call, "tradebank", "safe"))
    own = json.loads(outcome.result)
    assert (own["issuer"], own["collection"]) == ("TradebankMSP", "papers-TradebankMSP")
    entry = json.loads(filed.result)
    kept = json.loads(scene.victim.maker.ask("bank", "documents:get", "invoice", entry["id"], "EximbankMSP"))
    assert {name: kept[name] for name in entry} == entry


# -- forged identities and roles ---------------------------------------------------------------------------------------


def forged(msp_id: str, role: str) -> MspSignatory:
    """A certificate that says what the attacker wishes, issued by nobody whom the peers know."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, "admin"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "checker"),
        ]
    )
    now = datetime.now(UTC)
    attributes = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("1.2.3.4.5.6.7.8.1"), json.dumps({"attrs": {"exim.role": role}}).encode()
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(attributes, critical=False)
        .sign(key, hashes.SHA256())
    )
    return MspSignatory(msp_id, certificate.public_bytes(Encoding.PEM), PrivateKeySigner(key))


def test_a_certificate_of_nobodys_authority_is_nobody(scene: Scene) -> None:
    for msp_id, channel in (("EximbankMSP", "bank"), ("CustomsMSP", "customs"), ("SafeMSP", "fx")):
        forger = Person(scene.members.session, "tradebank", forged(msp_id, "checker"))
        for peer in ("safe", "tradebank"):
            with pytest.raises(Denied, match="access denied"):
                forger.ask(channel, "consortium:members", at=peer)


def test_a_genuine_certificate_under_another_members_name_is_nobody(scene: Scene) -> None:
    genuine = scene.attacker("admin").signatory
    assert isinstance(genuine, MspSignatory)
    forger = Person(scene.members.session, "tradebank", replace(genuine, msp_id="SafeMSP"))
    for peer in ("safe", "tradebank"):
        with pytest.raises(Denied, match="access denied"):
            forger.ask("fx", "consortium:members", at=peer)


@pytest.mark.parametrize("channel", ["customs", "fx", "bank"])
def test_a_hostile_peer_gives_its_bank_no_other_role(scene: Scene, channel: str) -> None:
    attacker = scene.attacker("admin")
    call = attacker.propose(channel, "hostile:write", MEMBERS_KEY, canonical_json(usurped(scene)))
    assert attacker.code_of(call, attacker.endorsed_by(call, "tradebank")) == TOO_FEW


def usurped(scene: Scene) -> list[dict[str, object]]:
    """The members with tradebank as customs and SAFE as a bank."""
    roles: dict[object, object] = {"TradebankMSP": "customs", "SafeMSP": "bank"}
    named = ({name: member[name] for name in ("msp_id", "name", "role")} for member in scene.members.roles)
    return [{**member, "role": roles.get(member["msp_id"], member["role"])} for member in named]


@pytest.mark.parametrize("channel", ["customs", "fx", "bank"])
def test_one_member_alone_changes_no_role(scene: Scene, channel: str) -> None:
    """Also with every honest peer's endorsement: those are given by software, not by the members' people."""
    attacker = scene.attacker("admin")
    before = attacker.ask(channel, "consortium:members", at="safe")
    peers = ["eximbank", "safe", *(["customs"] if channel == "customs" else [])]
    outcome = attacker.submit(channel, "consortium:configure", usurped(scene), endorsers=["tradebank", *peers])
    assert outcome.result == before  # one vote of four
    attacker.wait_until_known(outcome, "safe")
    assert attacker.ask(channel, "consortium:members", at="safe") == before
