"""Roles are told by one call at the start, and later by the votes of a majority, each under its member's own key."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from eximledger_chaincode.contracts.state.members import Consortium as Members
from eximledger_chaincode.contracts.state.members import Member
from eximledger_network import default_consortium, founding
from hlf_client.admin.nodes import PeerError
from hlf_network.consortium import Consortium, Organization, Peer


@dataclass
class Channels:
    """Every channel's members as the contract keeps them, by its own rule of voting."""

    consortium: Consortium
    state: dict[str, Members] = field(default_factory=dict)
    votes: list[tuple[str, str]] = field(default_factory=list)
    here: Callable[[str], bool] = lambda _: True

    def query(self, _admin: str, channel: str, _chaincode: str, function: bytes) -> bytes:
        if channel not in self.state:
            raise PeerError("no members yet", peer="peer0", status=422)
        found = self.state[channel]
        if function == b"consortium:voters":
            return json.dumps(found.electorate).encode()
        return json.dumps([member.model_dump(mode="json") for member in found.members]).encode()

    def submit(self, admin: str, endorsers: Sequence[Any], *_: Any, **__: Any) -> None:
        channel, (_, members, _floors, voters) = _[2], _[3]
        wanted = Members(
            members=tuple(sorted((Member(**one) for one in json.loads(members)), key=lambda one: one.msp_id)),
            voters=tuple(json.loads(voters) or ()),
        )
        before = self.state.get(channel)
        self.votes.append((channel, admin))
        self.state[channel] = wanted if before is None else before.after_vote(admin, wanted)
        assert endorsers

    def session(self) -> Any:
        return SimpleNamespace(
            consortium=self.consortium,
            admin=lambda owner: owner.msp,
            orderers=lambda _: (),
            participant=lambda owner: SimpleNamespace(msp_id=owner.msp, admin=owner.msp, peers=[self]),
            layout=SimpleNamespace(user=lambda owner, _: _Folder(self.here(owner.msp))),
        )


@dataclass
class _Folder:
    there: bool

    def __truediv__(self, _: str) -> _Folder:
        return self

    def is_dir(self) -> bool:
        return self.there


def with_a_third_bank(consortium: Consortium) -> Consortium:
    third = Organization(name="ruralbank", role="bank", peers=(Peer(name="peer0"),))
    channels = tuple(
        channel.model_copy(update={"members": (*channel.members, "ruralbank")}) for channel in consortium.channels
    )
    return consortium.model_copy(update={"organizations": (*consortium.organizations, third), "channels": channels})


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch) -> Channels:
    channels = Channels(default_consortium())
    monkeypatch.setattr(founding, "submit", channels.submit)
    return channels


def told(channels: Channels) -> tuple[str, ...]:
    chaincode = channels.consortium.chaincode
    assert chaincode is not None
    return founding.tell_roles(channels.session(), chaincode, channels.consortium.channels)


def test_the_first_call_founds_and_the_next_changes_nothing(channels: Channels) -> None:
    assert set(told(channels)) == {f"roles told on {name}" for name in ("customs", "fx", "bank")}
    assert told(channels) == ()
    assert len(channels.votes) == 3


def test_a_new_member_has_its_role_when_a_majority_has_voted(channels: Channels) -> None:
    told(channels)
    channels.votes.clear()
    channels.consortium = with_a_third_bank(channels.consortium)
    assert set(told(channels)) == {f"roles told on {name}" for name in ("customs", "fx", "bank")}
    for name in ("customs", "fx", "bank"):
        assert channels.state[name].roles["RuralbankMSP"] == "bank"
        assert len({voter for channel, voter in channels.votes if channel == name}) == 3  # of four members
    assert told(channels) == ()


def test_votes_that_do_not_suffice_are_said_with_those_that_are_missing(channels: Channels) -> None:
    told(channels)
    channels.consortium = with_a_third_bank(channels.consortium)
    channels.here = lambda msp: msp == "SafeMSP"
    changes = told(channels)
    assert all("no majority without" in change and "CustomsMSP" in change for change in changes)
    assert "RuralbankMSP" not in channels.state["fx"].roles


def test_what_the_contracts_know_beside_the_role_is_kept(channels: Channels) -> None:
    told(channels)
    known = channels.state["fx"]
    renamed = tuple(one.model_copy(update={"name": "as they call it"}) for one in known.members)
    channels.state["fx"] = known.model_copy(update={"members": renamed})
    channels.consortium = with_a_third_bank(channels.consortium)
    told(channels)
    assert {one.name for one in channels.state["fx"].members} == {"as they call it", "ruralbank"}
