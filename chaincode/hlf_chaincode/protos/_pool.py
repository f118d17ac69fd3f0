"""Where generated modules define their messages: a descriptor pool of our own, and protobuf's public interface only.

protoc's own Python code registers in the one pool of the process, where two versions of a file cannot both be, and is
refused by a protobuf two major versions newer than the protoc that wrote it. This does neither.
"""

from __future__ import annotations

from typing import Final

from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message_factory import GetMessageClass

__all__ = ["define"]

_pool: Final = DescriptorPool()


def define(module: dict[str, object], description: bytes) -> None:
    """Give a module the messages and enums of a serialized FileDescriptorProto."""
    file = _pool.AddSerializedFile(description)
    module["DESCRIPTOR"] = file
    for name, message in file.message_types_by_name.items():
        kind = GetMessageClass(message)
        kind.__module__ = str(module["__name__"])
        module[name] = kind
    for name, enum in file.enum_types_by_name.items():
        module[name] = EnumTypeWrapper(enum)
        module.update({value.name: value.number for value in enum.values})
