"""Our bindings of Fabric's messages: they share a process with others, and read what those write."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.message_factory import GetMessageClass

from hlf_chaincode.protos.common import common_pb2
from hlf_chaincode.protos.common.common_pb2 import ChannelHeader, HeaderType
from hlf_chaincode.protos.google.protobuf.timestamp_pb2 import Timestamp

PROTOS = Path(common_pb2.__file__).parents[1]


def test_another_version_of_the_same_file_may_be_in_the_process() -> None:
    """As hyperledger-fabric-protos of another release would put it into the pool that all of protoc's code shares."""
    other = descriptor_pb2.FileDescriptorProto.FromString(common_pb2.DESCRIPTOR.serialized_pb)
    header = next(each for each in other.message_type if each.name == "ChannelHeader")
    header.field.add(name="added", number=99, type="TYPE_STRING", label="LABEL_OPTIONAL")
    other.dependency[:] = []
    del header.field[2]  # the time, whose file the pool may not have
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(other.SerializeToString())
    theirs = GetMessageClass(pool.FindMessageTypeByName("common.ChannelHeader"))
    written = ChannelHeader(type=HeaderType.CONFIG, channel_id="fx", tx_id="1")
    assert theirs.FromString(written.SerializeToString()).channel_id == "fx"  # type: ignore[attr-defined]  # made here
    assert ChannelHeader.FromString(theirs(type=1, added="x").SerializeToString()).type == HeaderType.CONFIG


def test_messages_are_what_protobufs_own_are() -> None:
    header = ChannelHeader(type=HeaderType.Value("CONFIG"), timestamp=Timestamp(seconds=1))
    assert (HeaderType.Name(header.type), common_pb2.CONFIG) == ("CONFIG", 1)
    assert header.timestamp.ToDatetime().year == 1970
    assert pickle.loads(pickle.dumps(header)) == header
    assert ChannelHeader.__module__ == "hlf_chaincode.protos.common.common_pb2"


@pytest.mark.parametrize("implementation", ["upb", "python"])
def test_every_module_loads_by_itself(implementation: str) -> None:
    names = [
        "hlf_chaincode.protos." + ".".join(path.relative_to(PROTOS).with_suffix("").parts)
        for path in sorted(PROTOS.rglob("*_pb2*.py"))
    ]
    assert len(names) > 30
    program = (
        "import sys, importlib\n"
        "def fresh():\n"
        "    ours = [each for each in sys.modules if each.startswith('hlf_chaincode.protos')]\n"
        "    for name in ours: del sys.modules[name]\n"
        f"for name in {names!r}: fresh(); importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": implementation},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
