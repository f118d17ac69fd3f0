"""Proposals: what is forged, outdated or badly signed is refused by name, and each change tells what it is."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import partial

import pytest
from tests.hlf_network.proposing import InMemory, Someone, channel_of

from hlf_chaincode.protos.common.common_pb2 import Envelope
from hlf_chaincode.protos.common.configtx_pb2 import Config, ConfigGroup, ConfigUpdate
from hlf_chaincode.protos.common.configuration_pb2 import Orderers
from hlf_chaincode.protos.msp.msp_config_pb2 import MSPConfig
from hlf_client.errors import InvalidDocument, Refused
from hlf_client.identity import NodeRole, revoke
from hlf_client.identity.trust import load_certificate
from hlf_network.channels.applying import applied
from hlf_network.channels.config import Address, MemberConfig
from hlf_network.commands.telling import document_of, lines_of
from hlf_network.proposals import Proposal, Review, propose, review, sign, submit
from hlf_network.proposals.changes.consenters import (
    bft,
    consenter_in,
    consenter_out,
    consenter_renewed,
    maintenance,
    seats_of,
)
from hlf_network.proposals.changes.members import (
    administrators,
    anchors,
    authorities_alone,
    authorities_beside,
    member_in,
    member_out,
    ordering_member_in,
    ordering_member_out,
    revocations,
)
from hlf_network.proposals.changes.settings import BatchRules, batch, capability, policy
from hlf_network.proposals.definitions import CollectionNote, DefinitionNote
from hlf_network.proposals.errors import (
    BadSignature,
    ForgedProposal,
    NotAnAdministrator,
    NotYetSeen,
    OutdatedProposal,
    SignedTwice,
    TooFewSignatures,
    WrongChannel,
)

A, B, C, ORDER = (Someone(msp) for msp in ("AMSP", "BMSP", "CMSP", "OMSP"))
FEWER = partial(batch, rules=BatchRules(messages=5))
Change = Callable[[ConfigGroup], ConfigGroup]


@pytest.fixture
def channel() -> InMemory:
    return channel_of((A, B, C), ORDER)


def agree(channel: InMemory, change: Change, *signers: Someone) -> Review:
    proposal = propose(channel, "ch", change)
    for signer in signers:
        proposal = sign(channel, Proposal.read(proposal.to_bytes()), signer.signatory())
    return submit(channel, channel, proposal, A.signatory(NodeRole.CLIENT))


def told(channel: InMemory, change: Change) -> str:
    return "\n".join(lines_of(review(channel, propose(channel, "ch", change))))


def edited(proposal: Proposal, **changes: object) -> bytes:
    return json.dumps({**json.loads(proposal.to_bytes()), **changes}).encode()


def test_anyone_submits_what_enough_have_signed(channel: InMemory) -> None:
    done = agree(channel, FEWER, ORDER)
    assert [change.path for change in done.changes] == ["/Channel/Orderer/BatchSize"]
    assert channel.present.sequence == 1
    assert "transactions in a block at most: 10 -> 5" in done.changes[0].words


def test_too_few_signatures_name_the_policy_and_who_is_missing(channel: InMemory) -> None:
    change = partial(member_out, msp_id="CMSP")
    with pytest.raises(TooFewSignatures, match=r"Channel/Application/Admins .*2 of AMSP, BMSP, CMSP\) wants BMSP"):
        agree(channel, change, A)
    agree(channel, change, A, B)
    assert not channel.envelopes[1:]


def test_an_outdated_proposal_is_refused_though_fabric_would_take_it(channel: InMemory) -> None:
    late = propose(channel, "ch", FEWER)
    agree(channel, partial(anchors, member=MemberConfig("AMSP", (), ())), A)
    for act in (partial(review, channel, late), partial(sign, channel, late, ORDER.signatory())):
        with pytest.raises(OutdatedProposal, match=r"configuration 0 .* come to 1"):
            act()


def test_who_comes_second_to_the_orderer_is_told(channel: InMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = sign(channel, propose(channel, "ch", FEWER), ORDER.signatory())
    other = propose(channel, "ch", partial(batch, rules=BatchRules(timeout="9s"))).content

    def race(envelope: Envelope, is_committed: Callable[[float], bool], *, what: str) -> None:
        del envelope
        channel.present = Config(sequence=1, channel_group=applied(channel.present, other))
        assert is_committed(0), what

    monkeypatch.setattr(channel, "order", race)
    with pytest.raises(OutdatedProposal, match="another change was first"):
        submit(channel, channel, ours, A.signatory())


def test_who_is_behind_is_told_to_wait(channel: InMemory) -> None:
    channel.present.sequence = 1
    proposal = propose(channel, "ch", FEWER)
    channel.present.sequence = 0
    with pytest.raises(NotYetSeen, match="yours is at 0"):
        review(channel, proposal)


def test_an_update_without_basis_is_forged(channel: InMemory) -> None:
    with pytest.raises(ForgedProposal, match="based on"):
        review(channel, forged(propose(channel, "ch", FEWER), lambda update: update.isolated_data.clear()))


def test_a_proposal_of_another_channel_of_that_name_is_refused(channel: InMemory) -> None:
    with pytest.raises(WrongChannel, match="fingerprint"):
        review(channel_of((A, B, C), ORDER), propose(channel, "ch", FEWER))


@pytest.mark.parametrize(
    "changes", [{"sequence": 1}, {"channel": "other"}, {"fingerprint": "ab" * 32}], ids=["sequence", "channel", "mark"]
)
def test_an_envelope_that_says_other_than_what_is_signed_is_forged(
    channel: InMemory, changes: dict[str, object]
) -> None:
    with pytest.raises(ForgedProposal, match="another channel, fingerprint or sequence"):
        Proposal.read(edited(propose(channel, "ch", FEWER), **changes))


def test_what_is_signed_cannot_be_dated_anew(channel: InMemory) -> None:
    proposal = sign(channel, propose(channel, "ch", FEWER), ORDER.signatory())
    update = proposal.content
    update.isolated_data["hlf.sequence"] = b"1"
    content = base64.b64encode(update.SerializeToString(deterministic=True)).decode()
    channel.present.sequence = 1
    with pytest.raises(BadSignature, match="does not verify"):
        review(channel, Proposal.read(edited(proposal, update=content, sequence=1)))


def forged(proposal: Proposal, change: Callable[[ConfigUpdate], None]) -> Proposal:
    update = proposal.content
    change(update)
    return Proposal(update.SerializeToString(deterministic=True))


def test_an_update_that_does_more_than_its_difference_is_forged(channel: InMemory) -> None:
    proposal = propose(channel, "ch", FEWER)

    def reads_more(update: ConfigUpdate) -> None:
        update.read_set.groups["Application"].version = 0

    def rewrites(update: ConfigUpdate) -> None:
        value = update.write_set.groups["Orderer"].values["BatchTimeout"]
        value.CopyFrom(channel.present.channel_group.groups["Orderer"].values["BatchTimeout"])
        value.version += 1

    def skips(update: ConfigUpdate) -> None:
        update.write_set.groups["Orderer"].values["BatchSize"].version = 7

    def carries(update: ConfigUpdate) -> None:
        update.isolated_data["more"] = b"x"

    for change in (reads_more, rewrites, skips, carries):
        with pytest.raises(ForgedProposal):
            review(channel, forged(proposal, change))


def test_unknown_bytes_beside_the_update_are_forged(channel: InMemory) -> None:
    proposal = propose(channel, "ch", FEWER)
    with pytest.raises(ForgedProposal, match="more than a config update"):
        review(channel, Proposal(proposal.update + b"\xfa\x06\x01x"))


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"{\x00", b'{"format":"hlf-channel-proposal-2"}'])
def test_what_is_no_proposal_is_said(content: bytes) -> None:
    with pytest.raises(InvalidDocument, match="no proposal"):
        Proposal.read(content)


def test_a_signature_counts_only_of_an_administrator_of_the_channel(channel: InMemory) -> None:
    proposal = propose(channel, "ch", FEWER)
    impostor = Someone("OMSP").signatory()
    for signatory in (ORDER.signatory(NodeRole.CLIENT), impostor, Someone("DMSP").signatory()):
        with pytest.raises(NotAnAdministrator):
            sign(channel, proposal, signatory)


def test_a_revoked_administrator_signs_no_more(channel: InMemory) -> None:
    thief = ORDER.signatory()
    crl = revoke(ORDER.ca, [load_certificate(thief.certificate)])
    card = MemberConfig("OMSP", (ORDER.ca.pem,), (ORDER.tls.pem,), revocation_lists=(crl,))
    agree(channel, partial(revocations, member=card), ORDER)
    with pytest.raises(NotAnAdministrator, match="revoked"):
        sign(channel, propose(channel, "ch", FEWER), thief)


def test_one_signs_once_and_copies_come_together(channel: InMemory) -> None:
    proposal, first = propose(channel, "ch", partial(member_out, msp_id="CMSP")), A.signatory()
    ours = sign(channel, proposal, first)
    with pytest.raises(SignedTwice):
        sign(channel, ours, first)
    with pytest.raises(SignedTwice):
        review(channel, ours.with_signatures_of(sign(channel, proposal, first)))
    both = ours.with_signatures_of(sign(channel, proposal, B.signatory()))
    assert review(channel, both).is_enough
    with pytest.raises(InvalidDocument, match="different proposals"):
        ours.with_signatures_of(propose(channel, "ch", FEWER))


def test_the_proposers_sentence_is_shown_as_such_and_cannot_play_a_terminal(channel: InMemory) -> None:
    proposal = propose(channel, "ch", FEWER, comment="harmless\x1b[2J")
    lines = list(lines_of(review(channel, proposal), comment=proposal.comment))
    assert lines[-1] == "The proposer says (nothing checks it): 'harmless\\x1b[2J'"


def test_a_member_comes_and_the_chaincodes_that_do_not_know_it_are_named(channel: InMemory) -> None:
    channel.chaincodes = (DefinitionNote("exim", frozenset(), (CollectionNote("papers", frozenset({"AMSP"})),)),)
    words = told(channel, partial(member_in, member=Someone("DMSP").card))
    assert "member DMSP is new" in words
    assert "Chaincode exim: collections that name it: none" in words
    assert "will read the whole channel" in words


def test_a_member_goes_and_what_fabric_cannot_forget_is_said(channel: InMemory) -> None:
    channel.chaincodes = (
        DefinitionNote("exim", frozenset({"CMSP"}), (CollectionNote("papers", frozenset({"CMSP"})),)),
        DefinitionNote("other", frozenset({"AMSP"}), (CollectionNote("theirs", frozenset({"AMSP"})),)),
    )
    words = told(channel, partial(member_out, msp_id="CMSP"))
    assert "keeps what its peers have" in words
    assert "endorsement policy of chaincode exim names CMSP" in words
    assert "Collection papers of chaincode exim names CMSP" in words
    assert "It is the only one" in words
    assert "theirs" not in words
    channel.chaincodes = None
    assert "No peer was there to say" in told(channel, partial(member_out, msp_id="CMSP"))


def test_the_last_member_stays() -> None:
    with pytest.raises(InvalidDocument, match="last member"):
        propose(channel_of((A,), ORDER), "ch", partial(member_out, msp_id="AMSP"))


def test_a_policy_nobody_can_satisfy_is_a_deadlock(channel: InMemory) -> None:
    words = told(channel, partial(policy, path="Application/Admins", text="AND('AMSP.admin', 'DMSP.admin')"))
    assert "MAJORITY Admins -> AND('AMSP.admin', 'DMSP.admin')" in words
    assert "Nobody could satisfy /Channel/Application/Admins any more" in words


def test_a_policy_that_counts_on_who_leaves_is_named(channel: InMemory) -> None:
    agree(channel, partial(policy, path="Application/Admins", text="OR('AMSP.admin', 'CMSP.admin')"), A, B)
    assert "/Channel/Application/Admins still counts on CMSP" in told(channel, partial(member_out, msp_id="CMSP"))


def test_consenters_come_and_go_one_by_one_while_a_quorum_stands(channel: InMemory) -> None:
    fifth = ORDER.orderer(5)
    words = told(channel, partial(consenter_in, node=fifth))
    assert "with consenter orderer5:7050" in words
    assert "5 consenters, of whom 3 must stand" in words
    assert "orderer5:7050 must have joined the channel" in words
    lost = [Address("orderer0", 7050), Address("orderer1", 7050)]
    with pytest.raises(Refused, match="Of 3 consenters 2 must stand, and 1 would"):
        propose(channel, "ch", partial(consenter_out, address=Address("orderer2", 7050), down=lost))
    words = told(channel, partial(consenter_out, address=lost[0], down=lost[:1]))
    assert "no more consenter orderer0:7050" in words
    with pytest.raises(InvalidDocument, match="is no consenter"):
        propose(channel, "ch", partial(consenter_out, address=Address("orderer9", 7050)))
    with pytest.raises(Refused, match="First propose DMSP"):
        propose(channel, "ch", partial(consenter_in, node=Someone("DMSP").orderer(7)))


def test_two_consenters_at_once_and_a_stranger_s_certificate_are_warned_of(channel: InMemory) -> None:
    single = partial(consenter_in, node=ORDER.orderer(8))
    assert "Propose them one by one" not in told(channel, single)

    def two(config: ConfigGroup) -> ConfigGroup:
        return consenter_out(single(config), Address("orderer0", 7050))

    def three(config: ConfigGroup) -> ConfigGroup:
        return consenter_out(two(config), Address("orderer1", 7050))

    assert "Propose them one by one" in told(channel, three)
    stranger = Someone("OMSP").orderer(9)
    assert "vouches for consenter orderer9:7050" in told(channel, partial(consenter_in, node=stranger))


@pytest.mark.parametrize("is_bft", [False, True])
def test_a_renewed_orderer_keeps_its_place(is_bft: bool) -> None:
    channel = channel_of((A, B), ORDER, bft=is_bft)
    before = seats_of(channel.present.channel_group)
    node = ORDER.orderer(2)
    words = told(channel, partial(consenter_renewed, node=node))
    assert "Put the new certificates of orderer2:7050 in place" in words
    assert "BlockValidation is not a quorum" not in words
    agree(channel, partial(consenter_renewed, node=node), ORDER)
    after = seats_of(channel.present.channel_group)
    assert [(seat.address, seat.number) for seat in after] == [(seat.address, seat.number) for seat in before]
    assert after[2].server_tls == node.tls_certificate
    assert after[2].identity == (node.identity if is_bft else b"")


def test_bft_whose_blocks_nobody_could_validate_is_warned_of() -> None:
    channel = channel_of((A, B), ORDER, bft=True)

    def half(config: ConfigGroup) -> ConfigGroup:
        wanted = consenter_renewed(config, ORDER.orderer(2))
        policies = wanted.groups["Orderer"].policies["BlockValidation"]
        policies.CopyFrom(config.groups["Orderer"].policies["BlockValidation"])
        return wanted

    assert "peers would refuse every block" in told(channel, half)


def test_from_raft_to_bft_step_by_step() -> None:
    channel = channel_of((A, B), ORDER, level="V2_0")
    nodes = [ORDER.orderer(number) for number in range(4)]
    for node in nodes:  # the channel's own certificates
        agree(channel, partial(consenter_renewed, node=node), ORDER)
    change = partial(bft, nodes=nodes)
    with pytest.raises(Refused, match="V3_0"):
        propose(channel, "ch", change)
    words = told(channel, partial(capability, part="channel", level="V3_0"))
    assert "Every node must know V3_0" in words
    agree(channel, partial(capability, part="channel", level="V3_0"), A, B, ORDER)
    with pytest.raises(Refused, match="First propose maintenance"):
        propose(channel, "ch", change)
    assert "stand still" in told(channel, partial(maintenance, on=True))
    agree(channel, partial(maintenance, on=True), ORDER)
    with pytest.raises(InvalidDocument, match="identities of these consenters are wanted too: orderer3:7050"):
        propose(channel, "ch", partial(bft, nodes=nodes[:3]))
    words = told(channel, change)
    assert "consensus: etcdraft -> BFT" in words
    assert "no way back" in words
    assert "Restart all orderers" in words
    agree(channel, change, ORDER)
    agree(channel, partial(maintenance, on=False), ORDER)
    assert seats_of(channel.present.channel_group)[3].identity == nodes[3].identity


def test_roots_are_rolled_in_two_steps_by_the_member_alone() -> None:
    channel = channel_of((A, B, ORDER), ORDER)
    new = Someone("OMSP")
    old = ORDER.signatory()
    words = told(channel, partial(authorities_beside, member=new.card))
    assert words.count("with root certificate") == 2  # as a member, and as who orders
    assert "puts both roots into its nodes' MSP folders" in words
    assert words.count("role admin: unit 'admin' of the authority") == 2
    assert words.count("-> unit 'admin' of any of its authorities") == 2
    agree(channel, partial(authorities_beside, member=new.card), ORDER)
    words = told(channel, partial(authorities_alone, member=new.card))
    assert "void at once" in words
    assert "vouches for consenter orderer0:7050" in words
    agree(channel, partial(authorities_alone, member=new.card), new)
    with pytest.raises(NotAnAdministrator):
        sign(channel, propose(channel, "ch", FEWER), old)
    sign(channel, propose(channel, "ch", FEWER), new.signatory())


def test_administrators_by_name(channel: InMemory) -> None:
    clerk = ORDER.signatory(NodeRole.CLIENT)
    agree(channel, partial(administrators, msp_id="OMSP", come=(clerk.certificate,)), ORDER)
    proposal = propose(channel, "ch", FEWER)
    assert review(channel, sign(channel, proposal, clerk)).is_enough
    assert "no more administrator by name" in told(
        channel, partial(administrators, msp_id="OMSP", go=(clerk.certificate,))
    )


def test_an_ordering_organisation_comes_and_goes(channel: InMemory) -> None:
    agree(channel, partial(ordering_member_in, member=A.card), ORDER)
    assert "ordering organisation AMSP goes" in told(channel, partial(ordering_member_out, msp_id="AMSP"))


def test_batch_rules_an_orderer_would_refuse(channel: InMemory) -> None:
    with pytest.raises(InvalidDocument, match="may not prefer more bytes"):
        propose(channel, "ch", partial(batch, rules=BatchRules(preferred_bytes=5000)))


def test_what_is_unknown_is_shown_raw(channel: InMemory) -> None:
    def unknown(config: ConfigGroup) -> ConfigGroup:
        wanted = ConfigGroup()
        wanted.CopyFrom(config)
        wanted.values["Strange"].value = b"\x01\x02"
        wanted.groups["Orderer"].values["BatchTimeout"].value += b"\xfa\x06\x01y"
        msp = MSPConfig.FromString(wanted.groups["Application"].groups["AMSP"].values["MSP"].value)
        msp.config += b"\xfa\x06\x01x"
        wanted.groups["Application"].groups["AMSP"].values["MSP"].value = msp.SerializeToString()
        return wanted

    words = told(channel, unknown)
    assert "raw: 2 bytes, AQI=" in words
    assert words.count("with unknown fields, raw") == 2


def test_a_second_identity_under_one_number_does_not_hide() -> None:
    channel = channel_of((A, B), ORDER, bft=True)

    def hidden(config: ConfigGroup) -> ConfigGroup:
        wanted = consenter_renewed(config, ORDER.orderer(3))
        value = wanted.groups["Orderer"].values["Orderers"]
        orderers = Orderers.FromString(value.value)
        twin = orderers.consenter_mapping[0]
        orderers.consenter_mapping.insert(0, twin)
        orderers.consenter_mapping[0].identity = Someone("OMSP").orderer(0).identity
        value.value = orderers.SerializeToString(deterministic=True)
        return wanted

    assert "consenter 1, orderer0:7050 (a 2. time)" in told(channel, hidden)


def test_the_document_says_the_same(channel: InMemory) -> None:
    document = document_of(review(channel, propose(channel, "ch", FEWER)))
    assert document["enough"] is False
    assert json.loads(json.dumps(document))["policies"][0]["missing"] == ["OMSP"]
