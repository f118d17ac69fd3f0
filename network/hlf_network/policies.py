"""Fabric's policy language: text to a tree, to protobuf, and back to a question: who must sign?

Grammar as the official tools read it: `AND(...)`, `OR(...)`, `OutOf(n, ...)` over `'MspId.role'`; plus, before Fabric
sees it, an unquoted `bank.peer`, which stands for every channel member of that role (expanded by `expand_roles`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hlf_chaincode.errors import FabricError
from hlf_chaincode.protos.common.policies_pb2 import (
    ImplicitMetaPolicy,
    Policy,
    SignaturePolicy,
    SignaturePolicyEnvelope,
)
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.msp.msp_principal_pb2 import MSPPrincipal, MSPRole

__all__ = [
    "NOf",
    "PolicyError",
    "Principal",
    "SignatureRule",
    "config_policy",
    "expand_roles",
    "identities_policy",
    "parse_policy",
    "parse_rule",
    "signature_policy",
]

ROLES = ("member", "admin", "client", "peer", "orderer")
MAX_DEPTH = 16

_TOKEN = re.compile(r"\s*(?:'([^']*)'|([A-Za-z]+)\s*\(|([0-9]{1,9})|([(),]))")
_END = re.compile(r"\s*\Z")
_ROLE = re.compile(r"(?<![\w'.-])([a-z][a-z-]*)\.(" + "|".join(ROLES) + r")(?![\w'.-])")
_IMPLICIT = re.compile(r"^(ANY|ALL|MAJORITY) ([A-Z][A-Za-z]*)$")


class PolicyError(FabricError):
    """The text is not a policy; the message says where it stops making sense."""

    status = 400


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever holds this role in this MSP."""

    msp: str
    role: str


@dataclass(frozen=True, slots=True)
class NOf:
    """At least `n` of the rules."""

    n: int
    rules: tuple[Principal | NOf, ...]


@dataclass(frozen=True, slots=True)
class SignatureRule:
    """A whole signature policy."""

    rule: Principal | NOf

    @property
    def msps(self) -> frozenset[str]:
        """Every MSP that the policy names."""
        return frozenset(principal.msp for principal in _principals(self.rule))


def expand_roles(text: str, msps_by_role: Mapping[str, Sequence[str]]) -> str:
    """`OR(bank.peer)` as `OR('AMSP.peer', 'BMSP.peer')`. Raises PolicyError for a role that no member has."""

    def members(match: re.Match[str]) -> str:
        role, kind = match.groups()
        msps = msps_by_role.get(role)
        if not msps:
            raise PolicyError(f"no member of the channel has the role {role}")
        return ", ".join(f"'{msp}.{kind}'" for msp in msps)

    parts = re.split(r"('[^']*')", text)
    return "".join(part if part.startswith("'") else _ROLE.sub(members, part) for part in parts)


def parse_policy(text: str) -> SignatureRule:
    """Read a signature policy. Raises PolicyError."""
    tokens = list(_tokens(text))
    rule, end = _rule(tokens, 0, text, 0)
    if end != len(tokens):
        raise PolicyError(f"after a complete policy there is more text: {text!r}")
    return SignatureRule(rule)


def parse_rule(text: str) -> ImplicitMetaPolicy | SignatureRule:
    """Read a channel policy: `MAJORITY Admins`, or a signature policy. Raises PolicyError."""
    match = _IMPLICIT.match(text)
    if match is None:
        return parse_policy(text)
    return ImplicitMetaPolicy(rule=match[1], sub_policy=match[2])


def config_policy(text: str) -> Policy:
    """A channel policy as it stands in a config. Raises PolicyError."""
    rule = parse_rule(text)
    if isinstance(rule, SignatureRule):
        return Policy(type=Policy.SIGNATURE, value=signature_policy(rule).SerializeToString(deterministic=True))
    return Policy(type=Policy.IMPLICIT_META, value=rule.SerializeToString(deterministic=True))


def signature_policy(policy: SignatureRule) -> SignaturePolicyEnvelope:
    """The protobuf form; each principal is listed once, in the order of its first use, as the official tools do."""
    principals = list(dict.fromkeys(_principals(policy.rule)))
    return SignaturePolicyEnvelope(
        version=0,
        rule=_message(policy.rule, principals),
        identities=[
            MSPPrincipal(
                principal_classification=MSPPrincipal.ROLE,
                principal=MSPRole(msp_identifier=principal.msp, role=principal.role.upper()).SerializeToString(
                    deterministic=True
                ),
            )
            for principal in principals
        ],
    )


def identities_policy(n: int, identities: Sequence[tuple[str, bytes]]) -> SignaturePolicyEnvelope:
    """`n` of exactly these certificates (MSP id, PEM): what BFT demands of a block's signatures."""
    return SignaturePolicyEnvelope(
        version=0,
        rule=SignaturePolicy(
            n_out_of=SignaturePolicy.NOutOf(
                n=n, rules=[SignaturePolicy(signed_by=index) for index in range(len(identities))]
            )
        ),
        identities=[
            MSPPrincipal(
                principal_classification=MSPPrincipal.IDENTITY,
                principal=SerializedIdentity(mspid=msp, id_bytes=pem).SerializeToString(deterministic=True),
            )
            for msp, pem in identities
        ],
    )


def _message(rule: Principal | NOf, principals: Sequence[Principal]) -> SignaturePolicy:
    if isinstance(rule, Principal):
        return SignaturePolicy(signed_by=principals.index(rule))
    return SignaturePolicy(
        n_out_of=SignaturePolicy.NOutOf(n=rule.n, rules=[_message(part, principals) for part in rule.rules])
    )


def _principals(rule: Principal | NOf) -> Iterator[Principal]:
    if isinstance(rule, Principal):
        yield rule
    else:
        for part in rule.rules:
            yield from _principals(part)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while _END.match(text, position) is None:
        match = _TOKEN.match(text, position)
        if match is None:
            raise PolicyError(
                f"{text[position:].strip()!r} is not understood: write AND(...), OR(...), OutOf(n, ...) of 'MspId.role'"
            )
        quoted, function, number, mark = match.groups()
        if quoted is not None:
            yield "principal", quoted
        elif function is not None:
            yield "function", function
        elif number is not None:
            yield "number", number
        else:
            yield "mark", mark
        position = match.end()


def _rule(tokens: list[tuple[str, str]], at: int, text: str, depth: int) -> tuple[Principal | NOf, int]:
    if depth > MAX_DEPTH:
        raise PolicyError(f"the policy is nested deeper than {MAX_DEPTH}")
    kind, value = _token(tokens, at, text)
    if kind == "principal":
        return _principal(value), at + 1
    if kind != "function" or value.upper() not in {"AND", "OR", "OUTOF"}:
        raise PolicyError(f"{value!r} where AND, OR, OutOf or 'MspId.role' should stand, in {text!r}")
    at += 1
    n = 0
    if value.upper() == "OUTOF":
        number_kind, number = _token(tokens, at, text)
        if number_kind != "number" or _token(tokens, at + 1, text) != ("mark", ","):
            raise PolicyError(f"OutOf begins with a number and a comma, in {text!r}")
        n, at = int(number), at + 2
    rules = []
    while True:
        rule, at = _rule(tokens, at, text, depth + 1)
        rules.append(rule)
        mark = _token(tokens, at, text)
        at += 1
        if mark == ("mark", ")"):
            break
        if mark != ("mark", ","):
            raise PolicyError(f"{mark[1]!r} where a comma or a bracket should stand, in {text!r}")
    n = {"AND": len(rules), "OR": 1}.get(value.upper(), n)
    if not 1 <= n <= len(rules):
        raise PolicyError(f"OutOf({n}, ...) has {len(rules)} parts, in {text!r}")
    return NOf(n, tuple(rules)), at


def _token(tokens: list[tuple[str, str]], at: int, text: str) -> tuple[str, str]:
    if at >= len(tokens):
        raise PolicyError(f"the policy breaks off: {text!r}")
    return tokens[at]


def _principal(text: str) -> Principal:
    msp, _, role = text.rpartition(".")
    if not msp or role not in ROLES:
        raise PolicyError(f"{text!r} is not 'MspId.role' with a role of {', '.join(ROLES)}")
    return Principal(msp, role)
