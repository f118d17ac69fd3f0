"""Bytes, identities and messages of any kind as plain values."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar, cast

from cryptography import x509
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message

from hlf_chaincode.canonical import Json
from hlf_chaincode.protos.google.protobuf.timestamp_pb2 import Timestamp
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_client.errors import InvalidDocument

__all__ = ["identity_json", "message_json", "moment", "parsed", "readable", "reading"]

MessageT = TypeVar("MessageT", bound=Message)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """What cannot be read as Fabric's messages is `InvalidDocument`, naming what it was to be."""
    try:
        yield
    except (DecodeError, ValueError, OverflowError, OSError, IndexError, KeyError):
        raise InvalidDocument(f"this is no {what}", field=what, reason="cannot be read") from None


def parsed(kind: type[MessageT], data: bytes) -> MessageT:
    """A message of its bytes. Raises protobuf's `DecodeError`."""
    return kind.FromString(data)


def readable(data: bytes) -> Json:
    """Text where it is UTF-8 that a person can read, else base64 under that name."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if text.replace("\n", "").replace("\t", "").replace("\r", "").isprintable() and (text or not data):
        return text
    return {"base64": base64.b64encode(data).decode()}


def moment(stamp: Timestamp) -> str:
    """UTC, as ISO 8601 has it."""
    return datetime.fromtimestamp(stamp.seconds, UTC).replace(microsecond=stamp.nanos // 1000).isoformat()


def identity_json(serialized: bytes) -> Json:
    """Of a signer: member, subject and serial number of the certificate; who is none is shown as it is."""
    try:
        identity = SerializedIdentity.FromString(serialized)
        certificate = x509.load_pem_x509_certificate(bytes(identity.id_bytes))
        subject = certificate.subject.rfc4514_string()
    except (DecodeError, ValueError):
        return {"unreadable": readable(serialized)}
    return {"msp_id": identity.mspid, "subject": subject, "serial_number": f"{certificate.serial_number:x}"}


def message_json(message: Message) -> dict[str, Json]:
    """Any message, field by field, under the names of its .proto; what it leaves out is left out."""
    return {field.name: _field(field, value) for field, value in message.ListFields()}


def _field(field: FieldDescriptor, value: object) -> Json:
    if isinstance(value, Mapping):
        kind = cast("Descriptor", field.message_type).fields_by_name["value"]
        return {str(key): _single(kind, value[key]) for key in sorted(value)}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_single(field, each) for each in value]
    return _single(field, value)


def _single(field: FieldDescriptor, value: object) -> Json:
    if isinstance(value, Message):
        return message_json(value)
    if isinstance(value, bytes):
        return readable(value)
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(cast("int", value))
        return str(known.name) if known is not None else cast("int", value)
    return cast("Json", value)
