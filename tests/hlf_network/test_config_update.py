"""Config updates: what is read and written of a configuration, as configtxlator computes it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hlf_chaincode.protos.common.configtx_pb2 import Config, ConfigGroup, ConfigValue
from hlf_network.channels.config import Address, ChannelSettings, MemberConfig, OrdererNode, channel_group
from hlf_network.channels.update import compute_update
from hlf_network.proposals.changes.wanted import desired_config

values = st.dictionaries(st.sampled_from("abc"), st.binary(max_size=2), max_size=3)
trees: st.SearchStrategy[tuple[dict[str, bytes], dict[str, object]]] = st.recursive(
    st.tuples(values, st.just({})),
    lambda inner: st.tuples(values, st.dictionaries(st.sampled_from("xyz"), inner, max_size=2)),
    max_leaves=6,
)


def group_of(tree: tuple[dict[str, bytes], dict[str, object]], version: int = 0) -> ConfigGroup:
    values, groups = tree
    group = ConfigGroup(mod_policy="Admins", version=version)
    for name, value in values.items():
        group.values[name].CopyFrom(ConfigValue(value=value, mod_policy="Admins", version=version))
    for name, inner in groups.items():
        group.groups[name].CopyFrom(group_of(inner, version))  # type: ignore[arg-type]  # the same shape inside
    return group


def applied(current: ConfigGroup, read: ConfigGroup, write: ConfigGroup) -> ConfigGroup:
    """What an orderer makes of an update: elements of the write set with a newer version replace what is there; a group
    with a newer version has exactly the members that it names (common/configtx in Fabric)."""
    assert write.version in {current.version, current.version + 1}
    assert read.version == current.version
    result = ConfigGroup()
    result.CopyFrom(current)
    if write.version > current.version:
        for kept, named in ((result.values, write.values), (result.groups, write.groups)):
            for name in [name for name in kept if name not in named]:
                del kept[name]
        result.version, result.mod_policy = write.version, write.mod_policy
    for name, value in write.values.items():
        if name not in current.values or value.version > current.values[name].version:
            result.values[name].CopyFrom(value)
    for name, inner in write.groups.items():
        if name in current.groups:
            inner_read = read.groups[name] if name in read.groups else ConfigGroup(version=inner.version)
            result.groups[name].CopyFrom(applied(current.groups[name], inner_read, inner))
        else:
            result.groups[name].CopyFrom(inner)
    return result


def content(group: ConfigGroup) -> object:
    """A tree without its versions."""
    return (
        group.mod_policy,
        {name: (value.value, value.mod_policy) for name, value in group.values.items()},
        {name: content(inner) for name, inner in group.groups.items()},
    )


@given(trees, trees)
def test_applying_an_update_gives_the_wanted_configuration(
    before: tuple[dict[str, bytes], dict[str, object]], after: tuple[dict[str, bytes], dict[str, object]]
) -> None:
    original = Config(channel_group=group_of(before, version=3))
    update = compute_update("ch", original, group_of(after, version=3))
    if before == after:
        assert update is None
    else:
        assert update is not None
        result = applied(original.channel_group, update.read_set, update.write_set)
        assert content(result) == content(group_of(after))


@given(trees)
def test_nothing_changed_is_no_update(tree: tuple[dict[str, bytes], dict[str, object]]) -> None:
    assert compute_update("ch", Config(channel_group=group_of(tree)), group_of(tree)) is None


def settings(*msps: str, messages: int = 10, port: int = 7051) -> ChannelSettings:
    def member(msp: str) -> MemberConfig:
        return MemberConfig(msp, (b"root " + msp.encode(),), (b"tls",), anchors=(Address(f"p.{msp}", port),))

    orderer = MemberConfig("OMSP", (b"root",), (b"tls",), orderers=(Address("o", 7050),))
    return ChannelSettings(
        name="ch",
        members=tuple(member(msp) for msp in msps),
        orderer_members=(orderer,),
        consenters=(OrdererNode("OMSP", Address("o", 7050), b"id", b"tls"),),
        bft=False,
        batch_timeout="1s",
        batch_messages=messages,
        batch_preferred_bytes=100,
        batch_absolute_bytes=1000,
        policies=dict.fromkeys(("Readers", "Writers", "Admins", "Endorsement", "LifecycleEndorsement"), "ANY Readers"),
        channel_capability="V3_0",
        orderer_capability="V2_0",
        application_capability="V2_5",
    )


def test_a_new_member_changes_the_application_group_and_nothing_else() -> None:
    config = Config(channel_group=channel_group(settings("AMSP", "BMSP")))
    wanted = desired_config(config.channel_group, settings("AMSP", "BMSP", "CMSP"))
    update = compute_update("ch", config, wanted)
    assert update is not None
    assert set(update.write_set.groups) == {"Application"}
    application = update.write_set.groups["Application"]
    assert application.version == 1
    assert set(application.groups) == {"AMSP", "BMSP", "CMSP"}
    assert application.groups["CMSP"].values["MSP"].value
    assert not application.groups["AMSP"].values


def test_a_changed_anchor_touches_only_its_own_organisation() -> None:
    config = Config(channel_group=channel_group(settings("AMSP")))
    update = compute_update("ch", config, desired_config(config.channel_group, settings("AMSP", port=9051)))
    assert update is not None
    assert set(update.write_set.groups["Application"].groups["AMSP"].values) == {"AnchorPeers"}
    assert update.write_set.groups["Application"].version == 0


def test_a_member_that_the_file_no_longer_names_stays() -> None:
    config = Config(channel_group=channel_group(settings("AMSP", "BMSP")))
    assert compute_update("ch", config, desired_config(config.channel_group, settings("AMSP"))) is None


def test_batch_settings_follow() -> None:
    config = Config(channel_group=channel_group(settings("AMSP")))
    update = compute_update("ch", config, desired_config(config.channel_group, settings("AMSP", messages=99)))
    assert update is not None
    assert set(update.write_set.groups["Orderer"].values) == {"BatchSize"}
