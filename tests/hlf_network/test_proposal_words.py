"""Over generated configurations: an update makes what was wanted, and the words leave no changed element out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hlf_chaincode.protos.common.configtx_pb2 import Config, ConfigGroup, ConfigPolicy, ConfigValue
from hlf_chaincode.protos.common.configuration_pb2 import Capabilities, Consenter, OrdererAddresses, Orderers
from hlf_chaincode.protos.msp.msp_config_pb2 import FabricMSPConfig, MSPConfig
from hlf_chaincode.protos.orderer.configuration_pb2 import BatchSize, ConsensusType
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import ConfigMetadata, Options
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import Consenter as RaftConsenter
from hlf_network.channels.applying import Key, applied, elements, path_of
from hlf_network.channels.policies import config_policy
from hlf_network.channels.update import compute_update
from hlf_network.proposals.differences import described, differences
from hlf_network.proposals.reading import value_words

words = st.sampled_from(["", "a", "b", "a\x1b[1m", "\u202eb"])
pems = st.lists(st.sampled_from([b"", b"one", b"two"]), max_size=3)
consenters = st.lists(
    st.builds(
        Consenter,
        id=st.integers(0, 2),
        host=words,
        port=st.integers(0, 2),
        msp_id=words,
        identity=st.sampled_from([b"i", b"j"]),
        server_tls_cert=st.sampled_from([b"s", b"t"]),
    ),
    max_size=3,
)
raft = st.builds(
    ConfigMetadata,
    consenters=st.lists(
        st.builds(RaftConsenter, host=words, port=st.integers(0, 2), client_tls_cert=st.sampled_from([b"s", b"t"])),
        max_size=3,
    ),
    options=st.builds(Options, tick_interval=words, election_tick=st.integers(0, 2)),
)
msps = st.builds(
    FabricMSPConfig, name=words, root_certs=pems, admins=pems, revocation_list=pems, tls_root_certs=pems
).map(lambda inner: MSPConfig(config=inner.SerializeToString(deterministic=True)))
known = {
    "MSP": msps,
    "Orderers": st.builds(Orderers, consenter_mapping=consenters),
    "Endpoints": st.builds(OrdererAddresses, addresses=st.lists(words, max_size=3)),
    "BatchSize": st.builds(BatchSize, max_message_count=st.integers(0, 2), absolute_max_bytes=st.integers(0, 2)),
    "Capabilities": st.builds(Capabilities, capabilities=st.dictionaries(words, st.just({}), max_size=2)),
    "ConsensusType": st.builds(
        ConsensusType,
        type=st.sampled_from(["etcdraft", "BFT", "new"]),
        metadata=raft.map(lambda one: one.SerializeToString(deterministic=True)),
        state=st.integers(0, 2),
    ),
}
one_value = st.sampled_from([*known, "Strange"]).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.one_of(
            st.binary(max_size=3),
            known[name].map(lambda message: message.SerializeToString(deterministic=True))
            if name in known
            else st.nothing(),
        ),
    )
)
mods = st.sampled_from(["Admins", "Writers", ""])
texts = st.sampled_from(["ANY Readers", "MAJORITY Admins", "OR('AMSP.admin')", "AND('AMSP.peer', 'BMSP.client')"])


@st.composite
def groups(draw: st.DrawFn, depth: int = 3) -> ConfigGroup:
    group = ConfigGroup(version=4, mod_policy=draw(mods))
    for name, value in draw(st.lists(one_value, max_size=3)):
        group.values[name].CopyFrom(ConfigValue(version=4, mod_policy=draw(mods), value=value))
    for name in draw(st.sets(st.sampled_from(["Admins", "Readers"]), max_size=2)):
        policy = config_policy(draw(texts))
        if draw(st.booleans()):
            policy.value += draw(st.binary(max_size=2))
        group.policies[name].CopyFrom(ConfigPolicy(version=4, mod_policy=draw(mods), policy=policy))
    if depth:
        for name in draw(st.sets(st.sampled_from(["Application", "Orderer", "AMSP"]), max_size=2)):
            group.groups[name].CopyFrom(draw(groups(depth - 1)))
    return group


def content(element: object) -> object:
    """What an element says itself: of a group neither its members nor its version."""
    if isinstance(element, ConfigValue):
        return element.mod_policy, element.value
    if isinstance(element, ConfigPolicy):
        return element.mod_policy, element.policy.SerializeToString(deterministic=True)
    assert isinstance(element, ConfigGroup)
    return element.mod_policy


def plain(group: ConfigGroup) -> dict[Key, object]:
    return {key: content(element) for key, element in elements(group).items()}


@settings(max_examples=150, deadline=None)
@given(groups(), groups())
def test_an_update_makes_what_was_wanted_and_the_words_name_every_changed_element(
    before: ConfigGroup, after: ConfigGroup
) -> None:
    update = compute_update("ch", Config(channel_group=before), after)
    old, new = plain(before), plain(after)
    if old == new:
        assert update is None
        assert differences(before, after) == ()
        return
    assert update is not None
    result = applied(Config(channel_group=before), update)
    assert plain(result) == new
    told = {change.path: change.words for change in differences(before, result)}
    gone = {key[1] for key in elements(before) if key[0] == "group" and key not in new}
    for key in {*old, *new}:
        if old.get(key) != new.get(key) and not any(key[1][:depth] in gone for depth in range(1, len(key[1]))):
            assert told.get(path_of(key)), key
    assert all(word.isprintable() for each in told.values() for word in each)


@settings(max_examples=100, deadline=None)
@given(groups())
def test_a_whole_configuration_is_described_element_by_element(config: ConfigGroup) -> None:
    paths = {change.path for change in described(config)}
    assert {path_of(key) for key in elements(config) if key[1] != ("Channel",)} <= paths


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(known)).flatmap(lambda name: st.tuples(st.just(name), known[name], known[name])))
def test_values_that_differ_in_more_than_order_read_differently(pair: tuple[str, object, object]) -> None:
    name, *messages = pair
    first, second = (message.SerializeToString(deterministic=True) for message in messages)  # type: ignore[attr-defined]
    if value_words(name, first) == value_words(name, second):
        assert sorted(first) == sorted(second)
