"""A member's card: what it says, and every way in which one that is not the member's is refused by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hlf_client.admin.signatory import MspSignatory
from hlf_client.identity import CertificateAuthority
from hlf_client.identity.revocation import revoke
from hlf_network.cards import Card, CardRefused, SignedCard, check_card, read_cards, sign_card
from hlf_network.hosts import Member

MEMBER = """
member:
  name: {name}
  reached_at: 10.0.0.{number}
  role: bank
  peers: [{{name: peer0, port: 7051}}]
  orderers: [{{name: orderer0, port: 7050}}]
  users: [{{name: maker}}]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Member]:
    """A member with keys; each name is made once."""
    members: dict[str, Member] = {}

    def make(name: str, number: int = 1) -> Member:
        if name not in members:
            folder = tmp_path_factory.mktemp(name)
            (folder / "member.yaml").write_text(MEMBER.format(name=name, number=number))
            members[name] = Member.load(folder / "member.yaml")
            members[name].create()
        return members[name]

    return make


@pytest.fixture
def signed(made: Callable[[str], Member]) -> SignedCard:
    return made("north").card()


def signatory(member: Member, user: str) -> MspSignatory:
    own = member.file.member
    return MspSignatory.load(own.msp, member.folder / "organizations" / own.name / "users" / user / "msp")


def refusal(signed: SignedCard | bytes, *, now: datetime | None = None) -> CardRefused:
    content = signed if isinstance(signed, bytes) else signed.to_bytes()
    with pytest.raises(CardRefused) as refused:
        check_card(content, source="north.card.json", now=now)
    return refused.value


def changed(card: Card, **fields: object) -> Card:
    return card.model_copy(update=fields)


def test_a_card_carries_all_that_others_need_and_no_secret(made: Callable[[str], Member], signed: SignedCard) -> None:
    card = check_card(signed.to_bytes(), source="north")
    assert card == signed.card
    assert [str(place) for place in card.member_config.anchors] == ["10.0.0.1:7051"]
    assert [str(place) for place in card.member_config.orderers] == ["10.0.0.1:7050"]
    assert [str(node.address) for node in card.consenters] == ["10.0.0.1:7050"]
    assert card.organization.role == "bank"
    assert b"PRIVATE" not in (made("north").folder / "north.card.json").read_bytes()


def test_a_card_is_written_anew_only_when_it_says_something_else(made: Callable[[str], Member]) -> None:
    path = made("north").folder / "north.card.json"
    before = path.read_bytes()
    made("north").create()
    assert path.read_bytes() == before


def test_an_altered_card_is_refused_by_name(signed: SignedCard) -> None:
    other = changed(signed.card, reached_at="203.0.113.9")
    found = refusal(signed.model_copy(update={"card": other}))
    assert found.details["reason"] == "altered"
    assert "The card of north (NorthMSP)" in str(found)


def test_a_card_signed_by_a_user_or_by_another_member_is_forged(made: Callable[[str], Member]) -> None:
    card = made("north").card().card
    found = refusal(sign_card(card, signatory(made("north"), "maker")))
    assert (found.details["reason"], "signed by a client" in str(found)) == ("forged", True)
    found = refusal(sign_card(card, signatory(made("south"), "admin")))
    assert found.details["reason"] == "forged"


def test_a_consenter_of_somebody_else_is_forged_whoever_signs(made: Callable[[str], Member]) -> None:
    card, other = made("north").card().card, made("south").card().card
    for field in ("identity", "tls"):
        mixed = card.orderers[0].model_copy(update={field: getattr(other.orderers[0], field)})
        found = refusal(sign_card(changed(card, orderers=(mixed,)), signatory(made("north"), "admin")))
        assert found.details["reason"] == "forged"
        assert "orderer0" in str(found)


def test_a_list_of_another_authority_revokes_nobody(made: Callable[[str], Member]) -> None:
    card, south = made("north").card().card, made("south")
    ca = south.folder / "organizations/south/ca"
    foreign = revoke(CertificateAuthority.load((ca / "cert.pem").read_bytes(), (ca / "key.pem").read_bytes()), [])
    found = refusal(sign_card(changed(card, revocation_lists=(foreign.decode(),)), signatory(made("north"), "admin")))
    assert (found.details["reason"], "revocation list" in str(found)) == ("forged", True)


def test_an_expired_card_a_key_inside_and_no_card_at_all_are_refused(
    made: Callable[[str], Member], signed: SignedCard
) -> None:
    later = datetime.now(UTC) + timedelta(days=400)
    assert refusal(signed, now=later).details["reason"] == "expired"
    key = next(made("north").folder.rglob("key.pem")).read_text()
    with_key = json.loads(signed.to_bytes()) | {"note": key}
    assert refusal(json.dumps(with_key).encode()).details["reason"] == "secret"
    assert refusal(b"{}").details["reason"] == "unreadable"
    assert refusal(b" " * (1 << 21)).details["reason"] == "unreadable"


def test_of_two_cards_of_one_member_the_newer_holds_and_other_authorities_are_forged(
    made: Callable[[str], Member], signed: SignedCard, tmp_path: Path
) -> None:
    admin = signatory(made("north"), "admin")
    moved = changed(signed.card, issued="2999-01-01T00:00:00+00:00", reached_at="10.0.0.9")
    (tmp_path / "a.card.json").write_bytes(sign_card(moved, admin).to_bytes())
    (tmp_path / "b.card.json").write_bytes(signed.to_bytes())
    assert read_cards(tmp_path)["north"].reached_at == "10.0.0.9"
    south = made("south")
    claimed = changed(south.card().card, name="north", msp="NorthMSP")
    (tmp_path / "c.card.json").write_bytes(sign_card(claimed, signatory(south, "admin")).to_bytes())
    with pytest.raises(CardRefused, match="claims the name of north"):
        read_cards(tmp_path)
