"""Attacks by tradebank on what others keep to themselves: its clients at every peer, its own peer with other chaincode.

What refuses is a peer: its chaincode, what it has not, or the collection's own endorsement policy.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.fabric.people import Person
from tests.fabric.scene import ANYTHING, ATTACKERS, TOO_FEW, VICTIM, Scene
from tests.fabric.trade import DONGYU, application_of

from eximledger.testing import signed_authorisation
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX, MATCHING, papers_of, shared_with
from eximledger_chaincode.lending.consent import OfficerConsent
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.time import day_in_china
from hlf_client.admin.calls import Call
from hlf_client.errors import FabricError, NotAuthorized, NotFound, Refused

pytestmark = pytest.mark.fabric

SECRET = "secret"
"""The one key of a collection that everybody knows: what all its other keys and values hang on."""
THEIRS = {
    "papers": (BANK, papers_of("EximbankMSP")),
    "tokens": (BANK, shared_with("EximbankMSP")),
    "copies of declarations": (CUSTOMS, shared_with("EximbankMSP")),
    "copies of receipts": (FX, shared_with("EximbankMSP")),
}
"""Eximbank's collections, each on its channel."""
AUTHORITIES = {
    "declarations": (CUSTOMS, "declarations"),
    "receipts": (FX, "receipts"),
    "matching": (BANK, MATCHING),
}
"""What customs and SAFE have; clients who are no members may make transactions that write there."""
OWN_COLLECTIONS = {
    "papers": (BANK, papers_of("TradebankMSP")),
    "tokens": (BANK, shared_with("TradebankMSP")),
    "copies of declarations": (CUSTOMS, shared_with("TradebankMSP")),
    "copies of receipts": (FX, shared_with("TradebankMSP")),
}
"""Tradebank's: it reads them, and none is its alone to write."""


def writings(person: Person, channel: str, collection: str, key: str) -> list[Call]:
    """All that bare chaincode can do to a private value."""
    value = {"value": b"forged by tradebank"}
    return [
        person.propose(channel, "hostile:write_private", collection, key, transient=value),
        person.propose(channel, "hostile:write_private", collection, "a new key", transient=value),
        person.propose(channel, "hostile:delete_private", collection, key),
        person.propose(channel, "hostile:purge_private", collection, key),
        person.propose(channel, "hostile:guard_private", collection, key, ANYTHING),
    ]


@pytest.mark.parametrize("which", AUTHORITIES)
def test_what_a_hostile_peer_wrote_to_an_authoritys_collection_is_invalid(scene: Scene, which: str) -> None:
    """Declarations, receipts and the matching secret: any member's client may write there, by the right peer alone."""
    attacker = scene.attacker("admin")
    for call in writings(attacker, *AUTHORITIES[which], SECRET):
        assert attacker.code_of(call, attacker.endorsed_by(call, "tradebank")) == TOO_FEW
    for call in writings(attacker, *AUTHORITIES[which], SECRET):
        for peer in {"customs", "safe", "eximbank"} & set(scene.members.on(call.channel)):
            with pytest.raises(FabricError, match="hostile"):
                attacker.endorsed_by(call, peer)
    declared = scene.members.person("customs").ask("customs", "documents:get", "declaration", scene.declaration.id)
    assert scene.declaration.declaration_number in declared.decode()


@pytest.mark.parametrize("which", OWN_COLLECTIONS)
def test_what_a_hostile_peer_wrote_to_its_own_banks_collection_is_invalid(scene: Scene, which: str) -> None:
    """Copies of declarations that nobody made, tokens of other papers, a loan that SAFE's peer has not seen."""
    attacker = scene.attacker()
    channel, collection = OWN_COLLECTIONS[which]
    before = attacker.ask(channel, "hostile:read_private", collection, SECRET)
    assert len(bytes.fromhex(json.loads(before))) == 32
    for call in writings(attacker, channel, collection, SECRET):
        assert attacker.code_of(call, attacker.endorsed_by(call, "tradebank")) == TOO_FEW
    assert attacker.ask(channel, "hostile:read_private", collection, SECRET) == before


@pytest.mark.parametrize("which", THEIRS)
def test_a_hostile_peer_writes_nothing_to_another_banks_collection(scene: Scene, which: str) -> None:
    """The peer itself refuses the client, who is no member; where a member's client would help, others' endorsements
    are missing."""
    key = scene.named if which == "papers" else SECRET
    attacker, helper = scene.attacker(), scene.members.person("eximbank")
    for call in writings(attacker, *THEIRS[which], key):
        with pytest.raises(NotAuthorized, match="access permission"):
            attacker.endorsed_by(call, "tradebank")
    for call in writings(helper, *THEIRS[which], key):
        assert helper.code_of(call, helper.endorsed_by(call, "tradebank")) == TOO_FEW
    assert scene.state_of(VICTIM) is LoanState.CHECKED


@pytest.mark.parametrize("user", ATTACKERS)
@pytest.mark.parametrize("which", THEIRS)
def test_a_hostile_peer_reads_nothing_of_another_bank(scene: Scene, user: str, which: str) -> None:
    channel, collection = THEIRS[which]
    for key in (SECRET, scene.named):
        with pytest.raises(NotAuthorized, match="access permission"):
            scene.attacker(user).ask(channel, "hostile:read_private", collection, key)


@pytest.mark.parametrize("which", THEIRS)
def test_a_hostile_peer_does_not_even_hold_them_for_somebody_who_may_read(scene: Scene, which: str) -> None:
    channel, collection = THEIRS[which]
    reader = scene.members.person("eximbank")
    with pytest.raises(FabricError, match="not available"):
        reader.ask(channel, "hostile:read_private", collection, SECRET, at="tradebank")


@pytest.mark.parametrize("which", AUTHORITIES)
def test_a_hostile_peer_has_nothing_of_what_customs_and_safe_keep(scene: Scene, which: str) -> None:
    """Its own client is not refused there: the value is not on that peer."""
    channel, collection = AUTHORITIES[which]
    with pytest.raises(FabricError, match="not available"):
        scene.attacker().ask(channel, "hostile:read_private", collection, SECRET)


QUESTIONS: dict[str, tuple[object, ...]] = {
    "documents:list": ("invoice", "", 10, "", "EximbankMSP"),
    "documents:find": ("invoice", "DY-CI-260401-05", "", "EximbankMSP"),
    "loans:get": (VICTIM, "EximbankMSP"),
    "loans:facts": (VICTIM, "EximbankMSP"),
    "loans:preview": (VICTIM, "EximbankMSP"),
    "loans:history": (VICTIM, "EximbankMSP"),
    "loans:version": (VICTIM, 1, "EximbankMSP"),
    "loans:step": (VICTIM, 0, "EximbankMSP"),
    "loans:list": ("", 10, "", "EximbankMSP"),
    "loans:named": ("0" * 64, "EximbankMSP"),
    "policies:book": ("EximbankMSP",),
    "register:match": (VICTIM, "EximbankMSP"),
    "register:generations": (),
    "register:pairs": ("EximbankMSP", [VICTIM]),
    "register:rotate": (),
    "register:retire": (),
}
"""What a bank might ask other members' peers of another bank, and what of SAFE's secret."""


@pytest.mark.parametrize("function", QUESTIONS)
def test_no_other_bank_is_told_anything_by_any_peer(scene: Scene, function: str) -> None:
    for user in ATTACKERS:
        attacker = scene.attacker(user)
        for peer in ("eximbank", "safe"):
            with pytest.raises(NotAuthorized):
                attacker.ask("bank", function, *QUESTIONS[function], at=peer)


def test_no_bank_is_shown_a_declaration_that_no_exporter_let_it_read(scene: Scene) -> None:
    """Nor in another exporter's name, whose authorisation it has."""
    attacker, number = scene.attacker(), scene.stranger.declaration_number
    seen = scene.members.person("safe").ask("customs", "documents:get", "declaration", number)
    assert number in seen.decode()
    with pytest.raises(NotAuthorized):
        attacker.submit("customs", "copies:declarations", trade.OTHER.uscc, [number])
    friend = application_of(DONGYU / "application.json").exporter
    assert json.loads(attacker.submit("customs", "copies:declarations", friend, [number]).result) == []
    for peer in ("customs", "safe"):
        with pytest.raises(NotFound):
            attacker.ask("customs", "documents:get", "declaration", number, at=peer)
        assert json.loads(attacker.ask("customs", "documents:seals", [number], at=peer)) == [None]
        with pytest.raises(NotAuthorized):
            attacker.ask("customs", "copies:recipients", [number], at=peer)
    with pytest.raises(NotFound):
        attacker.ask("bank", "financing:balance", number, at="safe")


def test_no_bank_has_itself_authorised(scene: Scene) -> None:
    """By a paper that another signed, or by its officer's word where the consortium does not take that."""
    attacker, today = scene.attacker(), day_in_china(datetime.now(UTC))
    signed = signed_authorisation(str(trade.OTHER.uscc), "EximbankMSP", today)
    paper = signed.paper.model_copy(update={"bank": "TradebankMSP"})
    given = OfficerConsent(authorisation=paper, form_sha256="f" * 64)
    for function, lie in (
        ("authorise", signed),
        ("authorise", signed.model_copy(update={"paper": paper})),
        ("consent", given),
    ):
        call = attacker.propose("customs", f"authorisations:{function}", lie)
        with pytest.raises((NotAuthorized, Refused)):
            attacker.endorsed_by(call, "customs")
        with pytest.raises(FabricError):
            attacker.submit("customs", f"authorisations:{function}", lie, endorsers=["tradebank"])
