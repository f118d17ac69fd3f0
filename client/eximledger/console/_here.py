"""Where a page is: who looks at it, in which language and zone, and how its links are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Request

from eximledger.console._hashed import static_url
from eximledger.console._table import TABLE
from eximledger.desk import LoanDesk
from eximledger.serving import csrf_token, served
from eximledger.serving.guards import SAFE_METHODS
from eximledger.serving.officers import Officer, Roll
from eximledger.words import ACTS, Language, place_name, refusal, remark, word
from eximledger_chaincode.lending.roles import Duty, Person, Role
from hlf_client.errors import FabricError

__all__ = ["LANGUAGE_COOKIE", "NOTES", "PLACES", "Here", "Note", "language_of", "page_of"]

LANGUAGE_COOKIE: Final = "language"
_ZONE_COOKIE: Final = "zone"
_CHINA: Final = ZoneInfo("Asia/Shanghai")

_BANKS: Final = (
    ("Work", "/"), ("Loans", "/loans"), ("Papers", "/papers"), ("File papers", "/upload"),
    ("Apply for a loan", "/apply"), ("Portfolio", "/portfolio"), ("Policy", "/policy"), ("Audit trail", "/trail"),
    ("Network", "/network"),
)  # fmt: skip
PLACES: Final[Mapping[Role, Sequence[tuple[str, str]]]] = {
    Role.BANK: _BANKS,
    Role.FX_BUREAU: (
        ("Supervision", "/supervision"), ("Loans", "/loans"), ("Papers", "/papers"), ("File papers", "/upload"),
        ("Policy", "/policy"), ("Audit trail", "/trail"), ("Network", "/network"),
    ),
    Role.CUSTOMS: (("File papers", "/upload"), ("Papers", "/papers"), ("Network", "/network")),
}  # fmt: skip
"""The main navigation of each kind of member."""

_DOORS: Final[Mapping[str, str]] = {"/upload": "upload_form", "/apply": "application_form"}
"""Of these places not everybody of a member is let in: the page's row in the table."""

NOTES: Final[Mapping[str, str]] = {
    "applied": "Applied for.",
    "attached": "Attached; its hash stands on the ledger.",
    "checked": "The papers were checked; the verdict is recorded.",
    "approved": "Approved; the balance is held.",
    "referred": "Put before an officer.",
    "rejected": "Rejected.",
    "withdrawn": "Withdrawn.",
    "proposed": "Proposed; it waits for a second person.",
    "cleared": "Cleared. Check the papers again.",
    "confirmed": "Confirmed, and done.",
    "overdue": "Noted as overdue.",
    "lapsed": "Ended: it was not drawn in time.",
}
"""What a page says after an act, by the word in its address: nothing that anybody could put there."""


def page_of(path: str) -> str:
    """The page on which a form stands that is sent to a path: a loan's, or its subject's."""
    parts = path.split("/")
    return "/".join(parts[:3]) if parts[1:2] == ["loans"] and len(parts) > 2 else f"/{parts[1]}"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark above a page."""

    words: str
    style: str = "good"


@dataclass(slots=True)
class Here:
    """What every template knows. `said` gives back what a form said that was refused."""

    request: Request
    language: Language
    officer: Officer | None = None
    members: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    """Of the persons that the page names, by member and name."""
    _desk: LoanDesk | None = None

    @property
    def desk(self) -> LoanDesk:
        """The desk of who is signed in."""
        assert self._desk is not None  # noqa: S101 - a page of somebody who is signed in
        return self._desk

    @property
    def account(self) -> str:
        return "" if self.officer is None else self.officer.account.name

    @property
    def person(self) -> Person | None:
        return None if self.officer is None else self.officer.person

    @property
    def duties(self) -> list[str]:
        return [] if self.officer is None else [duty.value for duty in Duty if duty in self.officer.duties]

    @property
    def member_name(self) -> str:
        return "" if self.officer is None else self.word(self.officer.member)

    @property
    def is_bank(self) -> bool:
        return self.officer is not None and self.officer.role is Role.BANK

    @property
    def places(self) -> Sequence[tuple[str, str]]:
        """Where the officer may go: a door that would not open is not shown."""
        if self.officer is None:
            return ()
        return [
            (name, path) for name, path in PLACES[self.officer.role] if path not in _DOORS or self.may(_DOORS[path])
        ]

    def may(self, page: str) -> bool:
        """Whether the table of pages lets the officer in, by the page's name there."""
        return self.officer is not None and not TABLE[page].isdisjoint(self.officer.standings)

    @property
    def notes(self) -> tuple[Note, ...]:
        said = NOTES.get(self.request.query_params.get("done", ""))
        return () if said is None else (Note(said),)

    @property
    def csrf(self) -> str:
        return csrf_token(self.request)

    @property
    def back(self) -> str:
        """This page's own address, to come back to; of what a form sent, the page that the form stands on."""
        if self.request.method not in SAFE_METHODS:
            return self.url(page_of(self.request.url.path))
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    @property
    def others(self) -> Sequence[tuple[str, str]]:
        """Officers as whom one may go on: those of a demo."""
        server = served(self.request)
        if not server.settings.demo or self.officer is None or not isinstance(server.officers, Roll):
            return ()
        return [(each.name, each.called) for each in server.officers.accounts]

    def is_at(self, path: str) -> bool:
        here = self.request.url.path
        return here == path or (path != "/" and here.startswith(f"{path}/"))

    def url(self, path: str, **query: object) -> str:
        """A page's address; what is empty is left out of its query."""
        said = {name: str(value) for name, value in query.items() if value not in (None, "")}
        return quote(path, safe="/%:@!$&'()*+,;=~-._") + (f"?{urlencode(said)}" if said else "")

    def again(self, to: str = "", **changes: str) -> str:
        """This page, or another with the same question, asked a little otherwise."""
        asked = {**dict(self.request.query_params), **changes}
        return self.url(to or self.request.url.path, **asked)

    def static(self, name: str) -> str:
        return static_url(name)

    def word(self, english: str) -> str:
        return word(english, self.language)

    def refusal(self, error: FabricError) -> str:
        """What a refusal says, in this page's language where its form is known."""
        return refusal(error.message, self.language, type(error).status)

    def place(self, place: str) -> str:
        """A place in a file, as a reader names it."""
        return place_name(place, self.language)

    def remark(self, text: str) -> str:
        """What a reader remarks of a part."""
        return remark(text, self.language)

    def clock(self) -> datetime:
        return served(self.request).clock()

    def asked(self, name: str) -> str:
        return self.request.query_params.get(name, "")

    def said(self, name: str) -> str:
        return self.form.get(name, "")

    def member_of(self, msp_id: str) -> str:
        """What people call a member, in the page's language where that is known."""
        return self.word(self.members.get(msp_id, msp_id))

    def roles_of(self, name: str, msp_id: str) -> str:
        """The roles of somebody whom the page names, in words."""
        return ", ".join(map(self.word, self.roles.get((msp_id, name), ())))

    def other_bank(self, bank: str) -> str:
        """A bank that has to be named in an address; a bank's own is not."""
        return "" if self.person is None or bank == self.person.msp_id else bank

    def act(self, function: str) -> str:
        """What a transaction's function does, in words."""
        said = ACTS.get(function)
        return "" if said is None else said[self.language == "zh"]

    def time(self, moment: datetime | None) -> str:
        """A moment in the officer's own zone, with how far that is from UTC."""
        if moment is None:
            return ""
        there = moment.astimezone(self._zone())
        offset = there.strftime("%z")
        return f"{there:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:]})"

    def midnight(self, day: date) -> datetime:
        """When a day begins in the officer's zone."""
        return datetime.combine(day, time(), self._zone())

    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.request.cookies.get(_ZONE_COOKIE, _CHINA.key))
        except (ZoneInfoNotFoundError, ValueError):
            return _CHINA


def language_of(request: Request) -> Language:
    """The language that was chosen, else the browser's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in {"en", "zh"}:
        return "zh" if chosen == "zh" else "en"
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"
