"""The Dongyu case over HTTP, from the first paper to the loan's end; and what may go wrong on the way."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from tests.dongyu import CABLE, DONGYU
from tests.eximledger.api.case import LOAN, Case, done, walking

from eximledger.testing import LedgerNetwork
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

PLEDGE: Final = [{"condition": "pledge-registration", "reference": "ZD-2604-00117"}]
AMOUNT: Final = {"amount": "7760000.00", "currency": "CNY"}


async def step(case: Case, said: dict[str, Any]) -> dict[str, Any]:
    """Proposed by one person, confirmed by another."""
    today = str(day_in_china(utc_now()))
    loan = await done(case.maker.post(f"/api/v1/loans/{LOAN}/proposals", json={"amount": AMOUNT, "day": today, **said}))
    proposed = loan["proposed"]["sha256"]
    refused = await case.maker.post(f"/api/v1/loans/{LOAN}/proposals/{proposed}/confirmation")
    assert refused.status_code == 403
    found: dict[str, Any] = await done(case.checker.post(f"/api/v1/loans/{LOAN}/proposals/{proposed}/confirmation"))
    return found


async def test_the_case_from_its_papers_to_its_end(exim_network: LedgerNetwork) -> None:
    async with walking(exim_network) as case:
        await case.arrive()
        await case.apply(case.maker, "application.json")
        verdict, tag = await case.check(case.maker)
        assert verdict["verdict"] == "reject"
        assert all(":" in finding["id"] for finding in verdict["findings"])
        refused = await case.approve(tag)
        assert (refused.status_code, refused.json()["title"]) == (422, "Refused")
        letter = await done(case.maker.get(f"/api/v1/loans/{LOAN}/letter"))
        assert letter["sections"]
        assert (await case.maker.get(f"/api/v1/loans/{LOAN}/letter", params={"form": "docx"})).content[:2] == b"PK"
        assert LOAN in (await case.maker.get(f"/api/v1/loans/{LOAN}/report", params={"lang": "zh"})).text

        await case.upload(case.customs, "corrected/customs")
        changes = [
            filed["change"]
            for upload in await case.upload(case.maker, "corrected/eximbank")
            for filed in upload["filed"]
        ]
        assert "amended" in changes
        await case.apply(case.maker, "corrected/application.json")
        verdict, tag = await case.check(case.maker)
        assert verdict["verdict"] == "approve"
        approved = await case.approve(tag)
        assert (approved.status_code, approved.json()["state"]) == (200, "approved")
        await step(case, {"step": "disbursement", "reference": "EX-PAY-1", "conditions": PLEDGE})
        await case.upload(case.safe, "receipt")
        offers = await done(case.maker.get(f"/api/v1/loans/{LOAN}/offers"))
        assert offers
        loan = await step(case, {"step": "repayment", "reference": "EX-REPAY-1"})
        assert loan["state"] == "closed"
        history = await done(case.maker.get(f"/api/v1/loans/{LOAN}/history"))
        assert history[0]["loan"]["state"] == "closed"
        assert (await done(case.maker.get(f"/api/v1/balances/{CABLE}")))["held"]["amount"] != "0.00"
        account = await done(case.maker.get(f"/api/v1/loans/{LOAN}/account"))
        assert account["outstanding"]["amount"] == "0.00"
        await lists_have_it(case)


async def lists_have_it(case: Case) -> None:
    """What was written just now is in the lists at once; each member sees its own."""
    page = await done(case.maker.get("/api/v1/loans", params={"state": "closed", "applicant": "91520600MA6DYEK78F"}))
    assert [row["loan_id"] for row in page["rows"]] == [LOAN]
    everything = await done(
        case.safe.get("/api/v1/loans", params={"sort": "loan_id", "descending": "false", "size": 1})
    )
    rest = await done(
        case.safe.get(
            "/api/v1/loans", params={"sort": "loan_id", "descending": "false", "cursor": everything["cursor"]}
        )
    )
    assert [row["loan_id"] for row in (*everything["rows"], *rest["rows"])] == [LOAN, "TB-2026-044"]
    hits = await done(case.maker.get("/api/v1/search", params={"text": CABLE}))
    assert any(hit["kind"] == "declaration" for hit in hits)
    papers = await done(case.maker.get("/api/v1/papers", params={"kind": "invoice", "loan": LOAN}))
    name = papers["rows"][0]["id"]
    paper = await done(case.maker.get("/api/v1/paper", params={"kind": "invoice", "name": name}))
    assert paper["document"]["kind"] == "invoice"
    assert await done(case.maker.get("/api/v1/paper/history", params={"kind": "invoice", "name": name}))
    acts = await done(case.maker.get("/api/v1/acts", params={"function": "loans:approve"}))
    assert acts["rows"]
    assert (await done(case.maker.get("/api/v1/portfolio"))) is not None
    assert (await case.other_maker.get("/api/v1/loans")).status_code == 503  # no mirror of that bank is kept here


async def test_what_changed_since_it_was_seen_is_told_and_nothing_is_approved(exim_network: LedgerNetwork) -> None:
    async with walking(exim_network) as case:
        await case.arrive()
        await case.apply(case.maker, "application.json")
        _, before = await case.check(case.maker)
        await case.upload(case.maker, "corrected/eximbank")
        await case.upload(case.customs, "corrected/customs")
        unseen = await case.approve(before)  # checked, and the papers are others now
        assert unseen.status_code in {412, 422}  # changed, or not supported: either way nothing happened
        assert (await done(case.maker.get(f"/api/v1/loans/{LOAN}")))["decision"] is None
        await case.apply(case.maker, "corrected/application.json")
        _, tag = await case.check(case.maker)
        answer = await case.approve(before)
        assert (answer.status_code, answer.json()["title"]) == (412, "Precondition Failed")
        whats = {each["what"] for each in answer.json()["differences"]}
        assert {"application", "paper", "finding", "decision"} <= whats
        assert (await done(case.maker.get(f"/api/v1/loans/{LOAN}")))["state"] == "checked"
        # papers that are filed after the check: the verdict is still the recorded one, what it was found in is not
        await case.upload_file(case.maker, earlier_paper())
        answer = await case.approve(tag)
        assert answer.status_code == 412, answer.text
        assert any(each["what"] == "paper" for each in answer.json()["differences"])
        assert (await done(case.maker.get(f"/api/v1/loans/{LOAN}")))["state"] == "checked"


def earlier_paper() -> Path:
    """One of the case's papers as it was before it was corrected."""
    corrected = {path.name for path in (DONGYU / "corrected" / "eximbank").iterdir()}
    return next(path for path in sorted((DONGYU / "eximbank").iterdir()) if path.name in corrected)


@pytest.mark.parametrize("tag", ["", "*", '"1"', 'W/"1.0"'])
async def test_who_has_seen_nothing_approves_nothing(exim_network: LedgerNetwork, tag: str) -> None:
    async with walking(exim_network) as case:
        answer = await case.approve(tag)
        assert (answer.status_code, answer.json()["title"]) == (428, "Precondition Required")


async def test_a_file_is_read_before_it_is_filed(exim_network: LedgerNetwork) -> None:
    async with walking(exim_network) as case:
        path = DONGYU / "customs" / "declarations-2026.csv"
        files = {"file": (path.name, path.read_bytes())}
        read = await done(case.customs.post("/api/v1/papers/files", params={"dry_run": "true"}, files=files))
        assert (read["format"], read["filed"]) == ("table-csv", None)
        assert read["documents"][0]["kind"] == "declaration"
        missing = await case.customs.get("/api/v1/paper", params={"kind": "declaration", "name": CABLE})
        assert missing.status_code == 404
        filed = await done(case.customs.post("/api/v1/papers/files", files=files))
        assert {each["change"] for each in filed["filed"]} == {"new"}
        again = await done(case.customs.post("/api/v1/papers", json=read["documents"]), 201)
        assert {each["change"] for each in again} == {"unchanged"}
        wrong = await case.customs.post("/api/v1/papers/files", files={"file": ("a.xml", b"<a/>")})
        assert (wrong.status_code, wrong.json()["field"]) == (400, "format")
        others = await case.maker.post("/api/v1/papers/files", files=files)
        assert others.status_code == 403  # a bank files no declaration: the ledger's word, not the table's
        assert others.json()["type"].endswith("/not-authorized")


async def test_a_call_is_done_once_under_its_key(exim_network: LedgerNetwork, tmp_path: Path) -> None:
    key = {"Idempotency-Key": "2026-11-27/1"}
    async with walking(exim_network, state=tmp_path) as case:
        tag = await case.checked()
        first = await case.approve(tag, **key)
        assert first.status_code == 200, first.text
    async with walking(exim_network, state=tmp_path) as case:  # the server was started anew
        again = await case.approve(tag, **key)
        assert again.content == first.content
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["etag"] == first.headers["etag"]
        url = f"/api/v1/loans/{LOAN}/approval"
        other = await case.checker.post(url, json={"overrides": {"X:1": "because"}}, headers={"If-Match": tag, **key})
        assert (other.status_code, other.json()["title"]) == (422, "Key Reused")
        steps = [each["loan"]["state"] for each in await done(case.maker.get(f"/api/v1/loans/{LOAN}/history"))]
        assert steps.count("approved") == 1
        elsewhere = await case.maker.post(f"/api/v1/loans/{LOAN}/check", headers=key)
        assert "idempotent-replayed" not in elsewhere.headers  # another person's key is another key


async def test_a_refusal_says_all_that_the_error_says(exim_network: LedgerNetwork) -> None:
    async with walking(exim_network) as case:
        answer = await case.checker.get("/api/v1/loans/NONE")
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        assert body["details"]["loan_id"] == "NONE"
        assert (await done(case.maker.get(body["type"])))["status"] == body["status"] == 404
        invalid = (await case.maker.post("/api/v1/loans", json={"kind": "application"})).json()
        assert invalid["status"] == 400
        assert invalid["field"]
        assert invalid["reason"]


def bomb() -> bytes:
    """A hundred MiB of nothing, in a hundred KiB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("invoice.xml", bytes(100 * 2**20))
    return packed.getvalue()


async def test_what_is_packed_to_harm_is_refused_and_the_server_goes_on(exim_network: LedgerNetwork) -> None:
    entities = '<!ENTITY e0 "x">' + "".join(f'<!ENTITY e{each} "&e{each - 1};&e{each - 1};">' for each in range(1, 41))
    laughs = f"<?xml version='1.0'?><!DOCTYPE a [{entities}]><a>&e40;</a>".encode()
    async with walking(exim_network, upload_mib=1) as case:
        for name, content in (("bomb.zip", bomb()), ("laughs.xml", laughs), ("deep.json", b"[" * 200_000)):
            answer = await case.maker.post("/api/v1/papers/files", files={"file": (name, content)})
            assert answer.status_code == 400, answer.text
        large = await case.maker.post("/api/v1/papers/files", files={"file": ("a.pdf", bytes(2 * 2**20))})
        assert large.status_code == 413
        as_json = {"Content-Type": "application/json"}
        deep = await case.maker.post("/api/v1/papers", content=b"[" * 100_000, headers=as_json)
        assert deep.status_code == 400, deep.text
        assert (await case.maker.get("/api/v1/health")).status_code == 200
