"""What Fabric's rules make of an update that does not fit what stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hlf_chaincode.protos.common.configtx_pb2 import Config, ConfigGroup, ConfigUpdate, ConfigValue
from hlf_client.errors import InvalidDocument
from hlf_network.channels.applying import applied
from hlf_network.channels.update import compute_update


def config(**values: bytes) -> Config:
    group = ConfigGroup(version=3, mod_policy="Admins")
    for name, value in values.items():
        group.values[name].CopyFrom(ConfigValue(version=2, mod_policy="Admins", value=value))
    return Config(channel_group=group)


def update_to(**values: bytes) -> ConfigUpdate:
    update = compute_update("ch", config(a=b"1", b=b"1"), config(**values).channel_group)
    assert update is not None
    return update


def reads_older(update: ConfigUpdate) -> None:
    update.read_set.values["b"].version = 1


def skips_a_version(update: ConfigUpdate) -> None:
    update.write_set.values["a"].version = 4


def reads_what_is_not_there(update: ConfigUpdate) -> None:
    update.read_set.values["z"].version = 0


def slips_in(update: ConfigUpdate) -> None:
    update.write_set.version = update.read_set.version
    update.write_set.values["new"].value = b"x"


def begins_high(update: ConfigUpdate) -> None:
    update.write_set.values["new"].CopyFrom(ConfigValue(version=1))


def names_the_unknown(update: ConfigUpdate) -> None:
    update.read_set.values["new"].version = 0
    update.write_set.values["new"].version = 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (reads_older, "/Channel/b has changed since"),
        (reads_what_is_not_there, "/Channel/z has changed since"),
        (skips_a_version, "/Channel/a would have version 4 where 3 must follow"),
        (slips_in, "stands in the proposal, but in no group that it changes"),
        (begins_high, "/Channel/new would have version 1 where 0 must follow"),
        (names_the_unknown, "/Channel/new has changed since"),
    ],
)
def test_an_update_that_does_not_fit_is_refused(change: Callable[[ConfigUpdate], None], words: str) -> None:
    update = update_to(a=b"2", b=b"1", c=b"1")
    change(update)
    with pytest.raises(InvalidDocument, match=words):
        applied(config(a=b"1", b=b"1"), update)


def test_what_a_group_no_longer_names_goes() -> None:
    result = applied(config(a=b"1", b=b"1"), update_to(b=b"1"))
    assert set(result.values) == {"b"}


def test_an_update_of_nothing_is_none() -> None:
    with pytest.raises(InvalidDocument, match="changes nothing"):
        applied(config(a=b"1"), ConfigUpdate(read_set={"version": 3}, write_set={"version": 3}))
