"""Policies as Fabric's bytes: SignaturePolicyEnvelope of common/policies.proto.

A key's own endorsement policy is the one Fabric message that contracts write, and endorsers compare writes byte for
byte. protobuf does not promise one encoding for one value across its versions, and members do not update in one hour;
so the message is encoded here by hand: fields in order, defaults left out, as every protobuf library writes it today
(tested byte for byte against Fabric's own definitions). What reads it is strict: no unknown field, no other version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.policies.tree import MAX_BYTES, MAX_DEPTH, OutOf, Principal, Role, Rule, principals_of

__all__ = ["decoded", "encoded"]

# SignaturePolicyEnvelope: version 1 int32, rule 2 SignaturePolicy, identities 3 repeated MSPPrincipal.
# SignaturePolicy: oneof signed_by 1 int32, n_out_of 2 NOutOf. NOutOf: n 1 int32, rules 2 repeated SignaturePolicy.
# MSPPrincipal: principal_classification 1 enum (0 ROLE), principal 2 bytes of MSPRole: msp_identifier 1, role 2.


@lru_cache(maxsize=1024)
def encoded(rule: Rule) -> bytes:
    """SignaturePolicyEnvelope(version 0, rule, identities in the order of their first mention)."""
    places = {principal: place for place, principal in enumerate(dict.fromkeys(principals_of(rule)))}

    def encode(rule: Rule) -> bytes:
        if isinstance(rule, Principal):
            return _number(1, places[rule])  # a member of a oneof is written even when it is zero
        return _message(2, _number(1, rule.n) + b"".join(_message(2, encode(each)) for each in rule.rules))

    identities = b"".join(_message(3, _message(2, _role(principal))) for principal in places)
    return _message(2, encode(rule)) + identities


@lru_cache(maxsize=1024)
def decoded(data: bytes) -> Rule:
    """The tree. Raises `InvalidDocument` for anything else than a tree over roles."""
    if len(data) > MAX_BYTES:
        raise _not_a_policy("too large")
    identities: list[Principal] = []
    rule = b""
    for number, value in _fields(data):
        if number == 2 and isinstance(value, bytes):
            rule = value
        elif number == 3 and isinstance(value, bytes):
            identities.append(_read_principal(value))
        elif (number, value) != (1, 0):
            raise _not_a_policy("unknown version or field")
    return _read_rule(rule, identities, 0)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _message(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def _role(principal: Principal) -> bytes:
    role = _number(2, principal.role) if principal.role else b""
    return _message(1, principal.msp_id.encode()) + role


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field numbers and values of a message of varints and length-delimited fields."""
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        if tag & 7 == 0:
            value, at = _read_varint(data, at)
            yield tag >> 3, value
        elif tag & 7 == 2:
            size, at = _read_varint(data, at)
            if at + size > len(data):
                raise _not_a_policy("truncated")
            yield tag >> 3, data[at : at + size]
            at += size
        else:
            raise _not_a_policy("unexpected wire type")


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise _not_a_policy("truncated")


def _not_a_policy(reason: str) -> InvalidDocument:
    return InvalidDocument(f"not a signature policy: {reason}", field="policy", reason=reason)


def _read_principal(data: bytes) -> Principal:
    body = dict(_fields(data))
    role = body.get(2, b"")
    if body.get(1, 0) != 0 or not isinstance(role, bytes):
        raise _not_a_policy("only principals by role are understood")
    fields = dict(_fields(role))
    msp_id, number = fields.get(1, b""), fields.get(2, 0)
    if not isinstance(msp_id, bytes) or number not in set(Role):
        raise _not_a_policy("unknown role")
    try:
        return Principal(msp_id.decode(), Role(number))
    except UnicodeDecodeError:
        raise _not_a_policy("an MSP id is text") from None


def _read_rule(data: bytes, identities: Sequence[Principal], depth: int) -> Rule:
    if depth > MAX_DEPTH:
        raise _not_a_policy("too deep")
    fields = list(_fields(data))
    if len(fields) != 1:
        raise _not_a_policy("a rule is one of signed_by and n_out_of")
    number, value = fields[0]
    if number == 1 and isinstance(value, int) and value < len(identities):
        return identities[value]
    if number != 2 or not isinstance(value, bytes):
        raise _not_a_policy("signed_by names no identity")
    n, rules = 0, []
    for inner, part in _fields(value):
        if inner == 1 and isinstance(part, int):
            n = part
        elif inner == 2 and isinstance(part, bytes):
            rules.append(_read_rule(part, identities, depth + 1))
        else:
            raise _not_a_policy("unknown field")
    if not 1 <= n <= len(rules):
        raise _not_a_policy("n is from 1 to the number of rules")
    return OutOf(n, tuple(rules))
