"""What stands in a mirror is what the ledger answers its member, and nothing else."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text
from tests.dongyu import DONGYU
from tests.eximledger.desk.conftest import application_in, documents_in
from tests.eximledger.mirror.rows import rows_of

from eximledger.desk import LoanDesk
from eximledger.mirror import Mirror, MirrorReader
from eximledger.mirror.reading import LoanFilter, PaperFilter
from eximledger.mirror.schema.database import WRITING
from eximledger.mirror.schema.migrating import upgrade
from eximledger.mirror.schema.tables import (
    LOAN_STEP,
    METADATA,
    MIRRORED,
    PAPER,
    PAPER_PARTY,
    PAPER_REFERENCE,
    PAPER_VERSION,
    PARTY,
)
from eximledger.mirror.writing.store import Store
from eximledger.testing import LedgerNetwork, signed_authorisation, signed_revocation
from eximledger_chaincode.contracts.papers.answers import EntryPage
from eximledger_chaincode.documents import KINDS, Kept, ReferenceRate
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.time import day_in_china
from hlf_client.errors import Conflict, InvalidDocument, NotFound, Refused

LOAN = "DY-2026-001"
BANKS = ("EximbankMSP", "TradebankMSP")


async def mirrored(network: LedgerNetwork, who: str, engine: Engine) -> MirrorReader:
    await Mirror(network.connect(who), engine).catch_up()
    return MirrorReader(engine)


async def test_a_banks_loan_is_the_ledgers(walked: LedgerNetwork, engine: Engine) -> None:
    reader = await mirrored(walked, "eximbank", engine)
    desk = LoanDesk(walked.connect("eximbank"))
    loan = await desk.loan(LOAN)
    (row,) = reader.loans().rows
    assert Loan.model_validate_json(reader.loan_body("EximbankMSP", LOAN)) == loan
    assert (row.loan_id, row.state, row.matures_on) == (LOAN, loan.state, loan.matures_on)
    account = await desk.account(LOAN)
    assert (row.drawn, row.repaid, row.outstanding) == (account.drawn, account.repaid, account.outstanding)
    assert row.rate_percent == loan.rate_percent
    history = list(reversed(await desk.loan_history(LOAN)))
    steps = reader.loan_steps("EximbankMSP", LOAN)
    assert [(each.step, each.state, each.transaction_id, each.at) for each in steps] == [
        (each.loan.step, each.loan.state, each.transaction_id, each.timestamp) for each in history
    ]
    payments = reader.loan_payments("EximbankMSP", LOAN)
    assert [(each.amount, each.reference, each.confirmed_by) for each in payments] == [
        (each.proposal.amount, each.proposal.reference, each.confirmed_by.name) for each in loan.payments
    ]
    assert [each.held.amount for each in reader.loan_holds("EximbankMSP", LOAN)] == [0] * len(loan.items)


async def test_steps_name_who_did_them(walked: LedgerNetwork, engine: Engine) -> None:
    reader = await mirrored(walked, "eximbank", engine)
    did = [(each.act, each.taken, each.by.name, each.by.roles) for each in reader.loan_steps("EximbankMSP", LOAN)]
    maker, checker = ("maker@eximbank", ("maker",)), ("checker@eximbank", ("checker",))
    assert did == [
        ("apply", None, *maker),
        ("check", None, *maker),
        ("apply", None, *maker),
        ("check", None, *maker),
        ("approve", None, *checker),
        ("propose", "disbursement", *maker),
        ("confirm", "disbursement", *checker),
        ("propose", "repayment", *maker),
        ("confirm", "repayment", *checker),
    ]
    confirmed = reader.acts().rows[0]
    assert (confirmed.function, confirmed.by.name, confirmed.code) == ("loans:confirm", "checker@eximbank", "VALID")


@pytest.mark.parametrize("member", ["eximbank", "tradebank", "safe", "customs"])
async def test_papers_are_those_that_the_ledger_shows_the_member(
    walked: LedgerNetwork, engine: Engine, member: str
) -> None:
    reader = await mirrored(walked, member, engine)
    ledger = walked.connect(member)
    shown = {(row.bank, row.kind, row.id): (row.version, row.sha256) for row in reader.papers(size=500).rows}
    expected: dict[tuple[str, str, str], tuple[int, str]] = {}
    for kind in KINDS.values():
        if kind.channel not in ledger.channels:
            continue
        owners = ("",) if kind.kept is not Kept.OWN else BANKS if member == "safe" else (ledger.msp_id,)
        for bank in owners if kind.kept is not Kept.OWN or member in {"safe", "eximbank", "tradebank"} else ():
            asked = bank if member == "safe" else ""
            page = EntryPage.model_validate_json(
                await ledger.evaluate(kind.channel, "documents:list", kind.name, "", "1000", "", asked)
            )
            expected |= {(bank, kind.name, each.id): (each.version, each.sha256) for each in page.entries}
    assert shown == expected
    assert len(shown) > 10


async def test_a_mirror_that_was_there_all_along_has_all_that_a_late_one_has(
    exim_network_factory: Callable[..., LedgerNetwork], walked: LedgerNetwork, engine: Engine, tmp_path: Path,
    engines: Callable[[str], Engine],
) -> None:  # fmt: skip
    """Block by block as they came, and all at once: the same rows."""
    follower = Mirror(walked.connect("safe"), engine)
    following = asyncio.create_task(follower.follow())
    late = engines(f"sqlite:///{tmp_path / 'late.db'}")
    desk = LoanDesk(walked.connect("safe"))
    for unit in (100, 200, 300):
        await desk.file(
            [ReferenceRate.parse({"currency": "SEK", "quoted_on": "2026-11-20", "unit": unit, "cny": "66"})]
        )
    await mirrored(walked, "safe", late)
    heights = {each.channel: each.height for each in MirrorReader(late).status()}
    async with asyncio.timeout(60):
        while {name: each.height for name, each in follower.metrics.channels.items()} != heights:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await mirrored(walked, "safe", engine)
    assert {**rows_of(engine), "mirrored": []} == {**rows_of(late), "mirrored": []}
    assert [each.version for each in MirrorReader(late).paper_versions("", "rate", "SEK:2026-11-20")] == [3, 2, 1]


async def test_a_rebuilt_mirror_is_the_same(walked: LedgerNetwork, engine: Engine) -> None:
    await mirrored(walked, "eximbank", engine)
    before = rows_of(engine)
    with engine.begin() as connection:
        connection.execute(PAPER.delete())
        connection.execute(LOAN_STEP.delete())
    await Mirror(walked.connect("eximbank"), engine).rebuild()
    assert rows_of(engine) == before


async def test_what_is_purged_from_the_ledger_goes_from_the_mirror(exim_network: LedgerNetwork, engine: Engine) -> None:
    """An exporter takes its consent back: the bank's copies go, and every word of them."""
    for member in ("customs", "safe", "tradebank"):
        await LoanDesk(exim_network.connect(member)).file(documents_in(DONGYU / member))
    desk = LoanDesk(exim_network.connect("tradebank"))
    application, today = application_in(DONGYU / "tradebank"), day_in_china(desk.ledger.clock())
    consent = signed_authorisation(application.exporter, "TradebankMSP", today)
    await desk.authorise(consent)
    await desk.apply(application)
    await desk.check(application.loan_id)
    reader = await mirrored(exim_network, "tradebank", engine)
    copies = PaperFilter(exporter=application.exporter, bank="")
    kinds = {row.kind for row in reader.papers(copies, size=500).rows}
    assert kinds >= {"declaration", "classification"}
    await desk.revoke(signed_revocation(consent, today))
    await mirrored(exim_network, "tradebank", engine)
    _require_no_copies(reader, engine)
    await Mirror(desk.ledger, engine).rebuild()
    _require_no_copies(reader, engine)
    assert [each.awaited for each in reader.status()] == [0, 0, 0]
    assert reader.loan("TradebankMSP", application.loan_id).state == "checked"


def _require_no_copies(reader: MirrorReader, engine: Engine) -> None:
    for table in (PAPER, PAPER_VERSION, PAPER_PARTY, PAPER_REFERENCE):
        with engine.connect() as connection:
            shared = select(table).where(table.c.kind.in_(["declaration", "classification", "receipt"]))
            assert connection.execute(shared).all() == [], table.name
    with engine.connect() as connection:
        names = set(connection.execute(select(PARTY.c.party)).scalars())
        named = set(connection.execute(select(PAPER_PARTY.c.party)).scalars())
    assert names == named
    assert reader.papers(PaperFilter(kind="invoice")).rows
    if engine.dialect.name == "sqlite":  # not in its free pages and its log either
        files = [Path(f"{engine.url.database}{ending}") for ending in ("", "-wal")]
        assert [path.name for path in files if path.exists() and b'"supervision_mode"' in path.read_bytes()] == []


async def test_nothing_of_another_bank_is_in_a_banks_mirror(walked: LedgerNetwork, engine: Engine) -> None:
    await mirrored(walked, "eximbank", engine)
    text = json.dumps(rows_of(engine), default=str)
    assert LOAN in text
    assert "TB-2026-044" not in text
    assert METADATA.tables.keys() == rows_of(engine).keys()


async def test_another_members_database_is_refused(walked: LedgerNetwork, engine: Engine) -> None:
    await mirrored(walked, "eximbank", engine)
    with pytest.raises(Refused, match="mirror of EximbankMSP"):
        await mirrored(walked, "tradebank", engine)


async def test_another_ledgers_blocks_are_refused(
    walked: LedgerNetwork, engine: Engine, exim_network_factory: Callable[..., LedgerNetwork]
) -> None:
    other = exim_network_factory()
    await mirrored(other, "customs", engine)
    with pytest.raises(Conflict, match="another ledger's"):
        await mirrored(walked, "customs", engine)


async def test_two_mirrors_do_not_write_into_one_database(walked: LedgerNetwork, engine: Engine) -> None:
    first, second = (Mirror(walked.connect("customs"), engine) for _ in range(2))
    ended = await asyncio.gather(first.catch_up(), second.catch_up(), return_exceptions=True)
    assert all(each is None or isinstance(each, Conflict) for each in ended)
    await mirrored(walked, "customs", engine)
    height = (await walked.connect("customs").channel_info("customs")).height
    acts = rows_of(engine)["act"]
    assert len({(row[0], row[1], row[2]) for row in acts}) == len(acts) >= height


async def test_a_new_database_is_one_members_whoever_claim_it_together(engine: Engine) -> None:
    """Another process has claimed it and not committed yet, as both looked before either wrote."""
    upgrade(engine)
    with engine.execution_options(**WRITING).begin() as other:
        other.execute(insert(MIRRORED).values(name="msp_id", value="SafeMSP"))
        claims = [asyncio.create_task(asyncio.to_thread(Store(engine).claim, msp)) for msp in ("SafeMSP", "CustomsMSP")]
        if engine.dialect.name == "postgresql":  # SQLite has who writes wait before it looks
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            deadline = time.monotonic() + 30
            while await asyncio.to_thread(lambda: other.execute(waiting).scalar_one()) < len(claims):
                assert time.monotonic() < deadline
                assert not any(claim.done() for claim in claims)
    same, stranger = await asyncio.gather(*claims, return_exceptions=True)
    assert same is None
    assert isinstance(stranger, Refused)
    assert "the mirror of SafeMSP" in str(stranger)


async def test_a_ledger_without_private_data_is_refused(engine: Engine) -> None:
    with pytest.raises(InvalidDocument, match="shows no private data"):
        Mirror(object(), engine)  # type: ignore[arg-type]  # as the carrier for older networks is


async def test_what_is_not_there_is_not_found(walked: LedgerNetwork, engine: Engine) -> None:
    reader = await mirrored(walked, "eximbank", engine)
    for asked in (reader.loan, reader.loan_body):
        with pytest.raises(NotFound):
            asked("EximbankMSP", "NO-SUCH")
    with pytest.raises(NotFound):
        reader.paper("", "declaration", "0")
    assert reader.loans(LoanFilter(bank="TradebankMSP")).rows == ()
