"""The network as this member sees it, and the audit trail."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from starlette.responses import Response

from eximledger.console._asked import At, Desk, from_mirror
from eximledger.console._days import day_of
from eximledger.console._here import Here
from eximledger.console._lists import whole_list
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.console.sheets import Sheet, csv_response
from eximledger.console.views.members.certificates import Expiry, Node, expiries, own_certificates
from eximledger.mirror.reading import MAX_PAGE, Act, ActFilter, MirrorReader
from eximledger.proof import channel_certificates
from eximledger.serving import served
from eximledger.serving.officers import Officer
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules import rule_set_id, rule_set_on
from hlf_client import Ledger
from hlf_client.errors import LedgerUnavailable

if TYPE_CHECKING:
    from hlf_client.wire.endpoint import Endpoint

__all__ = ["router"]

router: Final = pages()

_SIZE: Final = 50
_COLUMNS: Final = ("Time", "Person", "Member", "Role", "Act", "Channel", "Block", "Validation", "Transaction")


_PATIENCE: Final = 0.5
"""Seconds that a peer has to show its certificate: the page does not wait for one that is away."""


@runtime_checkable
class _OfPeers(Protocol):
    """A ledger that is reached by peers of a profile."""

    @property
    def endpoints(self) -> Sequence[Endpoint]: ...


@dataclass(frozen=True, slots=True)
class _Channel:
    name: str
    height: int
    mirrored: int
    last_hash: str


@router.get("/network")
async def network(here: At, desk: Desk) -> Response:
    """Channels and their heights, members, the rule set, certificates by expiry."""
    assert here.officer is not None  # noqa: S101 - the route lets nobody else in
    ledger, today, own = desk.ledger, day_in_china(here.clock()), here.officer
    infos = await asyncio.gather(*(ledger.channel_info(channel) for channel in ledger.channels))
    mirrored = {each.channel: each.height for each in await from_mirror(here, lambda mirror: mirror.status())}
    channels = [_Channel(each.name, each.height, mirrored.get(each.name, 0), each.last_hash[:16]) for each in infos]
    day = await desk.business_day() if "bank" in ledger.channels else None
    chaincode = [("Rule set", rule_set_id(rule_set_on(today))), ("Business day", "" if day is None else str(day.day))]
    nodes = await _nodes(ledger)
    return rendered(
        here, "network", channels=channels, members=await desk.members(), chaincode=chaincode,
        nodes=nodes, certificates=await _certificates(here, ledger, own, nodes),
    )  # fmt: skip


async def _certificates(here: Here, ledger: Ledger, own: Officer, nodes: Sequence[Node]) -> tuple[Expiry, ...]:
    """Those of officers who are signed in, of authorities and nodes that the channels name, and those of TLS."""
    officers = {each.person: each for each in (*served(here.request).desks.open_officers, own)}
    named = [each for each in officers.values() if each.person.msp_id == own.person.msp_id]
    found = await asyncio.gather(*(channel_certificates(ledger, channel) for channel in ledger.channels))
    of_channels = [each for of_channel in found for each in of_channel]
    file = served(here.request).settings.tls_certificate
    server = None if file is None else await asyncio.to_thread(file.read_bytes)
    own_ones = own_certificates(ledger.msp_id, _endpoints(ledger), nodes, server)
    return expiries(named, of_channels, here.clock(), own_ones)


async def _nodes(ledger: Ledger) -> Sequence[Node]:
    """The peers of the profile: each is asked for what it shows for TLS."""
    return await asyncio.gather(*map(_node, _endpoints(ledger)))


async def _node(endpoint: Endpoint) -> Node:
    try:
        return Node(endpoint.address, True, await endpoint.shown_certificate(_PATIENCE))
    except LedgerUnavailable:
        return Node(endpoint.address, False)


def _endpoints(ledger: Ledger) -> Sequence[Endpoint]:
    return ledger.endpoints if isinstance(ledger, _OfPeers) else ()


@router.get("/trail")
async def trail(here: At) -> Response:
    """Who did what and when, newest first."""
    asked = _asked(here)
    page = await from_mirror(here, lambda mirror: mirror.acts(asked, size=_SIZE, cursor=here.asked("after")))
    return rendered(here, "trail", rows=page.rows, after=page.cursor)


@router.get("/trail.csv")
async def trail_as_csv(here: At) -> Response:
    """The same as CSV, up to ten thousand."""
    asked = _asked(here)

    def read(mirror: MirrorReader) -> tuple[Act, ...]:
        return whole_list(lambda cursor: mirror.acts(asked, size=MAX_PAGE, cursor=cursor))

    rows = await from_mirror(here, read)
    lines = [
        (each.at.isoformat(), each.by.name, here.member_of(each.by.msp_id), ", ".join(map(here.word, each.by.roles)),
         each.function, each.channel, str(each.block), each.code, each.transaction_id)
        for each in rows
    ]  # fmt: skip
    return csv_response("audit-trail", Sheet("", [here.word(name) for name in _COLUMNS], lines))


def _asked(here: Here) -> ActFilter:
    since, until = day_of(here.asked("since"), "since"), day_of(here.asked("until"), "until")
    return ActFilter(
        person=here.asked("person"),
        function=here.asked("function"),
        since=None if since is None else here.midnight(since),
        until=None if until is None else here.midnight(until + timedelta(days=1)),
    )
