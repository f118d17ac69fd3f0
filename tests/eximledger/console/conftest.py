"""The console served on a loopback port, over a ledger on which the other members have filed what they have."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.dongyu import DONGYU

from eximledger import LoanDesk
from eximledger.formats import read
from eximledger.serving import Settings, application, link_for
from eximledger.serving.officers import Account, Roll
from eximledger.testing import LedgerNetwork, exim_ledger, signed_authorisation
from eximledger_chaincode.documents import Document, LoanApplication
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

AnswerT = TypeVar("AnswerT")
EXPORTER: Final = "91520600MA6DYEK78F"
OFFICERS: Final = (
    "eximbank/maker", "eximbank/checker", "tradebank/maker", "tradebank/checker", "safe/officer", "customs/officer",
)  # fmt: skip
_CHROMIUM: Final = "/usr/bin/chromium"
_SECONDS: Final = 30


def papers_in(folder: Path) -> list[Path]:
    """The files of a folder that are papers: an application is applied for."""
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name != "application.json")


def documents_in(folder: Path) -> list[Document]:
    return [document for file in papers_in(folder) for document in read(file).documents]


def application_in(folder: Path) -> LoanApplication:
    (found,) = read(folder / "application.json").documents
    assert isinstance(found, LoanApplication)
    return found


async def _filed(network: LedgerNetwork) -> None:
    """What the other members have, and what the exporter lets both banks read."""
    today = day_in_china(utc_now())
    for bank in ("eximbank", "tradebank"):
        desk = LoanDesk(network.connect(bank))
        await desk.authorise(signed_authorisation(EXPORTER, desk.ledger.msp_id, today))
    for member in ("customs", "safe"):
        await LoanDesk(network.connect(member)).file(documents_in(DONGYU / member))
    await _another_bank_lends(LoanDesk(network.connect("tradebank")), LoanDesk(network.connect("tradebank/checker")))
    await network.finish()


async def _another_bank_lends(maker: LoanDesk, checker: LoanDesk) -> None:
    """What tradebank holds of the cable nobody else can have."""
    await maker.file(documents_in(DONGYU / "tradebank"))
    loan = await maker.apply(application_in(DONGYU / "tradebank"))
    verdict = await maker.check(loan.loan_id)
    await checker.approve(loan.loan_id, loan.version, verdict.evidence_hash)


@pytest.fixture(scope="session")
def filed_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger on which all members but eximbank have filed their papers: founded once, then copied."""
    folder = tmp_path_factory.mktemp("console")
    network = exim_ledger(folder / "exim.db")
    asyncio.run(_filed(network))
    network.close()
    return folder


@dataclass
class Console:
    """A running console; its server and its desks live on a loop of their own thread."""

    folder: Path
    url: str = ""
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _ready: threading.Event = field(default_factory=threading.Event)
    _server: uvicorn.Server | None = None
    _failure: BaseException | None = None

    def serve(self) -> None:
        """Until `stop`; what the thread runs."""
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as failure:
            self._failure = failure
        finally:
            self._loop.close()
            self._ready.set()

    async def _serve(self) -> None:
        self.network = exim_ledger(self.folder / "exim.db")
        officers = Roll(Account(name, partial(self.network.connect, name)) for name in OFFICERS)
        settings = Settings(
            ledger=self.network.url,
            port=0,
            mirror_as=("eximbank/maker", "tradebank/maker", "safe/officer", "customs/officer"),
        )
        self.app = application(settings, officers=officers)
        self._server = uvicorn.Server(uvicorn.Config(self.app, port=0, log_level="warning"))
        serving = asyncio.create_task(self._server.serve())
        while not self._server.started and not serving.done():  # noqa: ASYNC110 - uvicorn sets no event of ours
            await asyncio.sleep(0)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        served = self.app.state.served
        served.settings = settings.model_copy(update={"port": port})
        self.url = served.settings.url
        self._ready.set()
        await serving

    def wait(self) -> None:
        assert self._ready.wait(_SECONDS)
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        if self._server is not None:
            self._server.should_exit = True

    def run(self, work: Callable[[], Awaitable[AnswerT]]) -> AnswerT:
        """Something on the server's loop."""

        async def done() -> AnswerT:
            return await work()

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(_SECONDS)

    def at_desk(self, who: str, work: Callable[[LoanDesk], Awaitable[AnswerT]]) -> AnswerT:
        """Something that an officer does elsewhere than in the browser."""
        return self.run(lambda: work(LoanDesk(self.network.connect(who))))

    def link(self, who: str) -> str:
        return self.run(lambda: link_for(self.app.state.served, who))


@contextmanager
def served_console(ledger: Path, folder: Path) -> Iterator[Console]:
    """A console over a copy of a ledger."""
    shutil.copytree(ledger, folder, dirs_exist_ok=True)
    found = Console(folder)
    thread = threading.Thread(target=found.serve, daemon=True)
    thread.start()
    try:
        found.wait()
        yield found
    finally:
        found.stop()
        thread.join(_SECONDS)


@pytest.fixture
def console(filed_ledger: Path, tmp_path: Path) -> Iterator[Console]:
    with served_console(filed_ledger, tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser. Of a module alone: as long as it runs, no other event loop may run in this thread."""
    if not Path(_CHROMIUM).exists():
        pytest.skip(f"no {_CHROMIUM} on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Seat:
    """An officer's browser: fails the test where a page has an error, or breaks its own policy."""

    page: Page
    console: Console
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.console.url + path)

    def see(self, text: str) -> None:
        self.page.get_by_text(text).locator("visible=true").first.wait_for()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def open(self, name: str) -> None:
        self.page.locator("summary", has_text=name).first.click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)


Sit = Callable[..., Seat]


@contextmanager
def seats(chromium: Browser, console: Console) -> Iterator[Sit]:
    """Officers sign in, each in a browser of the own."""
    contexts: list[BrowserContext] = []
    taken: list[Seat] = []

    def seated(who: str, *, language: str = "en", width: int = 1200, javascript: bool = True) -> Seat:
        context = chromium.new_context(
            locale="zh-CN" if language == "zh" else "en-GB", viewport={"width": width, "height": 900},
            java_script_enabled=javascript, timezone_id="Asia/Shanghai",
        )  # fmt: skip
        contexts.append(context)
        seat = Seat(context.new_page(), console)
        seat.page.on("pageerror", lambda error: seat.errors.append(str(error)))
        seat.page.on("console", lambda said: seat.errors.append(said.text) if "Content Security" in said.text else None)
        seat.page.goto(console.link(who))
        taken.append(seat)
        return seat

    yield seated
    for context in contexts:
        context.close()
    assert not [error for seat in taken for error in seat.errors]


@pytest.fixture
def sit(chromium: Browser, console: Console) -> Iterator[Sit]:
    """`sit("eximbank/maker", language="zh")`: an officer signs in, in a browser of the own."""
    with seats(chromium, console) as seated:
        yield seated
