"""One byte changed, anywhere, in what real peers and orderers are handed: no endorsement, and no other effect."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.fabric.consortium import Members
from tests.fabric.people import Denied, Person

from eximledger_chaincode.documents import Document
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.protos.common.common_pb2 import Envelope
from hlf_client.admin.calls import Call, assemble
from hlf_client.errors import FabricError, NotFound
from hlf_network.errors import NetworkError

pytestmark = pytest.mark.fabric

FLIPS = 40
SERIALS = range(8800, 8800 + FLIPS)


def flipped(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ chance.randint(1, 255)]) + content[at + 1 :]


def proposed(person: Person, serial: int) -> Call:
    return person.propose("customs", "documents:put", "declaration", trade.declaration(serial))


def filed(person: Person, document: Document) -> bytes | None:
    try:
        return person.ask("customs", "documents:get", document.KIND, document.id)
    except NotFound:
        return None


def test_a_proposal_with_one_byte_changed_is_endorsed_by_nobody(members: Members) -> None:
    officer, chance = members.person("customs"), random.Random(20260420)
    call = proposed(officer, 8799)
    for number in range(FLIPS):
        parts = [call.signed.proposal_bytes, call.signed.signature]
        changed = 1 if number % 4 == 0 else 0
        parts[changed] = flipped(parts[changed], chance)
        signed = type(call.signed)(proposal_bytes=parts[0], signature=parts[1])
        with pytest.raises((Denied, FabricError)):
            officer.endorsed_by(replace(call, signed=signed), "customs")
    assert officer.endorsed_by(call, "customs")


def test_an_envelope_with_one_byte_changed_is_taken_by_no_orderer(members: Members) -> None:
    officer, chance = members.person("customs"), random.Random(20260420)
    call = proposed(officer, 8799)
    envelope = assemble(call, officer.endorsed_by(call, "customs"), officer.signatory)
    orderers = members.session.orderers()
    for number in range(FLIPS):
        parts = [envelope.payload, envelope.signature]
        changed = 1 if number % 4 == 0 else 0
        parts[changed] = flipped(parts[changed], chance)
        with pytest.raises(NetworkError, match="refuses"):
            orderers[number % len(orderers)].broadcast(Envelope(payload=parts[0], signature=parts[1]))
    assert officer.order(call, envelope)


def test_who_changes_what_was_endorsed_and_signs_it_again_gains_nothing(members: Members) -> None:
    """The creator's own signature is good then; the endorsement, the proposal's hash or the id is not."""
    officer, chance = members.person("customs"), random.Random(20260420)
    orderer, taken = members.session.orderers()[0], 0
    for serial in SERIALS:
        call = proposed(officer, serial)
        envelope = assemble(call, officer.endorsed_by(call, "customs"), officer.signatory)
        payload = flipped(envelope.payload, chance)
        try:
            taken += orderer.broadcast(Envelope(payload=payload, signature=officer.signatory.sign(payload)))
        except NetworkError:
            continue
    assert taken, "the orderer refused them all: nothing was shown of the peers"
    later = officer.submit("customs", "documents:put", "declaration", trade.declaration(8798))
    assert filed(officer, trade.declaration(8798)) is not None
    assert later.result
    for serial in SERIALS:
        found = filed(officer, trade.declaration(serial))
        assert found is None or canonical_json(trade.declaration(serial)) in found
