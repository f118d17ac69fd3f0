"""The changes that `channel propose` knows, each with its words on the command line and what it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

import click
from cryptography import x509

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_client.errors import InvalidDocument
from hlf_network.channels.config import Address
from hlf_network.proposals.changes import consenters, members, settings
from hlf_network.proposals.seats import Directory

__all__ = ["CHANGES", "Asked", "ChangeCommand"]

Given: TypeAlias = Mapping[str, object]
Change: TypeAlias = Callable[[ConfigGroup], ConfigGroup]
Asked: TypeAlias = Callable[[Directory, str, Given], Change]
"""From whom one knows, the channel, and what the command line gave."""


@dataclass(frozen=True, slots=True)
class ChangeCommand:
    """A subcommand of `channel propose`."""

    help: str
    read: Asked
    arguments: tuple[str, ...] = ()
    options: Mapping[str, click.Path | click.IntRange | type[str]] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    several: tuple[str, ...] = ()

    def params(self) -> Sequence[click.Parameter]:
        arguments: list[click.Parameter] = [click.Argument([name], metavar=name.upper()) for name in self.arguments]
        options = [
            click.Option([f"--{name.replace('_', '-')}"], type=kind, multiple=name in self.several)
            for name, kind in self.options.items()
        ]
        flags = [click.Option([f"--{name}"], is_flag=True) for name in self.flags]
        return [*arguments, *options, *flags]


def _of_member(change: Callable[..., ConfigGroup]) -> Asked:
    """A change that takes what is public of an organisation."""

    def read(directory: Directory, _: str, given: Given) -> Change:
        return partial(_apply, change, directory.member(str(given["organization"])))

    return read


def _of_msp(change: Callable[..., ConfigGroup]) -> Asked:
    """One that takes an MSP id, also of an organisation that the directory has no more."""

    def read(directory: Directory, _: str, given: Given) -> Change:
        return partial(_apply, change, _msp(directory, str(given["organization"])))

    return read


def _of_node(change: Callable[..., ConfigGroup]) -> Asked:
    """One that takes an ordering node, and minds which orderers are down."""

    def read(directory: Directory, channel: str, given: Given) -> Change:
        node = directory.orderer(str(given["orderer"]))
        return partial(_apply_minding, change, node, directory.down(channel))

    return read


def _consenter_out(directory: Directory, channel: str, given: Given) -> Change:
    name = str(given["orderer"])
    host, colon, port = name.rpartition(":")
    address = Address(host, int(port)) if colon and port.isdigit() else directory.orderer(name).address
    return partial(_apply_minding, consenters.consenter_out, address, directory.down(channel))


def _apply(change: Callable[..., ConfigGroup], given: object, config: ConfigGroup) -> ConfigGroup:
    return change(config, given)


def _apply_minding(change: Callable[..., ConfigGroup], given: object, down: object, config: ConfigGroup) -> ConfigGroup:
    return change(config, given, down=down)


def _authorities(directory: Directory, channel: str, given: Given) -> Change:
    if given["beside"] == given["alone"]:
        raise InvalidDocument("Say --beside for the new roots next to the old, or --alone for the new ones only.")
    step = members.authorities_beside if given["beside"] else members.authorities_alone
    return _of_member(step)(directory, channel, given)


def _administrators(directory: Directory, _: str, given: Given) -> Change:
    come, go = (_pems(given[name]) for name in ("come", "go"))
    return partial(members.administrators, msp_id=_msp(directory, str(given["organization"])), come=come, go=go)


def _pems(paths: object) -> tuple[bytes, ...]:
    return tuple(_certificate(Path(str(path))) for path in paths) if isinstance(paths, tuple) else ()


def _certificate(path: Path) -> bytes:
    """One certificate and nothing beside it: a proposal is public, and a channel forgets nothing."""
    content = path.read_bytes()
    if b"PRIVATE KEY" in content:
        raise InvalidDocument(f"{path} holds a private key: name the certificate.", file=str(path))
    try:
        count = len(x509.load_pem_x509_certificates(content))
    except ValueError:
        raise InvalidDocument(f"{path} is no certificate (PEM).", file=str(path)) from None
    if count != 1:
        raise InvalidDocument(f"{path} holds {count} certificates: name a file with one.", file=str(path))
    return content


def _batch(_: Directory, __: str, given: Given) -> Change:
    timeout = given["timeout"]

    def number(name: str) -> int | None:
        value = given[name]
        return value if isinstance(value, int) else None

    rules = settings.BatchRules(
        str(timeout) if timeout else None, number("messages"), number("preferred_bytes"), number("absolute_bytes")
    )
    return partial(settings.batch, rules=rules)


def _policy(_: Directory, __: str, given: Given) -> Change:
    return partial(settings.policy, path=str(given["path"]), text=str(given["text"]))


def _capability(_: Directory, __: str, given: Given) -> Change:
    return partial(settings.capability, part=str(given["part"]), level=str(given["level"]))


def _maintenance(_: Directory, __: str, given: Given) -> Change:
    return partial(consenters.maintenance, on=str(given["state"]) == "on")


def _bft(directory: Directory, _: str, __: Given) -> Change:
    return partial(consenters.bft, nodes=directory.orderers())


def _msp(directory: Directory, name: str) -> str:
    try:
        return directory.member(name).msp_id
    except InvalidDocument:
        return name


_BYTES = click.IntRange(min=1)
_PEM = click.Path(exists=True, dir_okay=False)

CHANGES: Mapping[str, ChangeCommand] = {
    "member-in": ChangeCommand("Take ORGANIZATION in as a member.", _of_member(members.member_in), ("organization",)),
    "member-out": ChangeCommand(
        "Take ORGANIZATION (or an MSP id) out of the members.", _of_msp(members.member_out), ("organization",)
    ),
    "ordering-in": ChangeCommand(
        "Let ORGANIZATION run orderers.", _of_member(members.ordering_member_in), ("organization",)
    ),
    "ordering-out": ChangeCommand(
        "Let ORGANIZATION (or an MSP id) run orderers no more.", _of_msp(members.ordering_member_out), ("organization",)
    ),
    "consenter-in": ChangeCommand(
        "Have ORDERER (such as orderer0.eximbank), which has joined, order too.",
        _of_node(consenters.consenter_in),
        ("orderer",),
    ),
    "consenter-out": ChangeCommand("Have ORDERER (a name, or host:port) order no more.", _consenter_out, ("orderer",)),
    "consenter-renew": ChangeCommand(
        "Give ORDERER its new certificates in the channel.", _of_node(consenters.consenter_renewed), ("orderer",)
    ),
    "endpoints": ChangeCommand(
        "Where ORGANIZATION's orderers answer.", _of_member(members.endpoints), ("organization",)
    ),
    "anchors": ChangeCommand("Where ORGANIZATION's peers are found.", _of_member(members.anchors), ("organization",)),
    "authorities": ChangeCommand(
        "Roll ORGANIZATION's root certificates: --beside, then, when all is issued anew, --alone.",
        _authorities,
        ("organization",),
        flags=("beside", "alone"),
    ),
    "administrators": ChangeCommand(
        "Name administrators of ORGANIZATION by certificate, beside those whom their unit makes one.",
        _administrators,
        ("organization",),
        {"come": _PEM, "go": _PEM},
        several=("come", "go"),
    ),
    "revocations": ChangeCommand(
        "Bring ORGANIZATION's revocation lists.", _of_member(members.revocations), ("organization",)
    ),
    "batch": ChangeCommand(
        "When a block is cut.",
        _batch,
        options={"timeout": str, "messages": _BYTES, "preferred_bytes": _BYTES, "absolute_bytes": _BYTES},
    ),
    "policy": ChangeCommand("The policy at PATH (Application/Admins) asks for TEXT.", _policy, ("path", "text")),
    "capability": ChangeCommand(
        "The feature LEVEL (V3_0) of PART: channel, orderer or application.", _capability, ("part", "level")
    ),
    "maintenance": ChangeCommand("Go into maintenance (on) or out of it (off).", _maintenance, ("state",)),
    "bft": ChangeCommand("From raft to BFT, in maintenance.", _bft),
}
