"""Coming in and going out: sessions, links, form secrets, headers."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from tests.eximledger.server import URL, Server, running

from eximledger.desk import LoanDesk
from eximledger.serving import CSRF_FIELD, CSRF_HEADER, SignedIn, csrf_token, desk_of, officer_of, signed_in
from eximledger.serving.admission import Scope
from eximledger.serving.officers import Officer
from eximledger.testing import LedgerNetwork, ManualClock

router = APIRouter()


@router.get("/who")
async def who(
    officer: Annotated[Officer, Depends(officer_of)], token: Annotated[str, Depends(csrf_token)]
) -> dict[str, object]:
    said = {"person": str(officer.person), "standings": sorted(officer.standings), "csrf": token}
    return dict(said)


@router.post("/act")
async def act(
    signed: Annotated[SignedIn, Depends(signed_in)], desk: Annotated[LoanDesk, Depends(desk_of)]
) -> dict[str, str]:
    return {"account": signed.account.name, "msp_id": desk.ledger.msp_id}


async def with_routes(server: Server) -> Server:
    server.app.include_router(router)
    return server


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


async def test_nobody_is_signed_in_at_first(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        client = await (await with_routes(server)).client()
        answer = await client.get("/who")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert (await client.post("/act")).status_code == 401


async def test_a_link_lets_in_once_and_from_this_machine_only(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        await with_routes(server)
        secret = await server.served.links.make("eximbank/maker")
        assert (await (await server.client(address="10.0.0.9")).get(f"/sign-in/link/{secret}")).status_code == 401
        client = await server.client()
        assert (await client.get(f"/sign-in/link/{secret}")).status_code == 303
        again = await (await server.client()).get(f"/sign-in/link/{secret}")
        assert again.status_code == 401
        found = (await client.get("/who")).json()
        assert found["person"] == "maker@eximbank of EximbankMSP"
        assert found["standings"] == ["bank", "maker"]


async def test_the_session_of_before_is_over_when_somebody_signs_in(exim_network: LedgerNetwork) -> None:
    """An id that was planted in a browser is never signed in (session fixation)."""
    async with running(exim_network) as server:
        await with_routes(server)
        victim = await server.browser("eximbank/maker")
        planted = victim.cookies["exim"]
        await victim.get(f"/sign-in/link/{await server.served.links.make('eximbank/checker')}")
        assert victim.cookies["exim"] != planted
        thief = await server.client(headers={"Cookie": f"exim={planted}"})
        assert (await thief.post("/act")).status_code == 401


@pytest.mark.parametrize("minutes", [15, 8 * 60])
async def test_a_session_ends(exim_network: LedgerNetwork, clock: ManualClock, minutes: int) -> None:
    """After a while without use; and after a day's work, used or not."""
    async with running(exim_network, clock=clock) as server:
        await with_routes(server)
        client = await server.browser("eximbank/maker")
        for _ in range(minutes // 10):
            assert (await client.get("/who")).status_code == 200
            clock.advance(timedelta(minutes=10)) if minutes > 15 else clock.advance(timedelta(minutes=minutes))
        assert (await client.get("/who")).status_code == 303


async def test_an_act_needs_the_secret_of_our_forms(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        await with_routes(server)
        client = await server.browser("eximbank/maker")
        token = (await client.get("/who")).json()["csrf"]
        other = (await (await server.browser("eximbank/maker")).get("/who")).json()["csrf"]
        assert token != other
        assert (await client.post("/act")).status_code == 403
        assert (await client.post("/act", headers={CSRF_HEADER: other})).status_code == 403
        assert (await client.post("/act", headers={CSRF_HEADER: token})).status_code == 200
        assert (await client.post("/act", data={CSRF_FIELD: token})).status_code == 200
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await client.post("/act", headers={CSRF_HEADER: token, **headers})).status_code == 403
        assert (await client.post("/act", headers={CSRF_HEADER: token, "Origin": URL})).status_code == 200


async def test_signing_out_ends_the_session_and_lets_go_of_the_key(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        await with_routes(server)
        client = await server.browser("eximbank/maker")
        token = (await client.get("/who")).json()["csrf"]
        assert list(server.served.desks.open_accounts) == ["eximbank/maker"]
        cookie = client.cookies["exim"]
        assert (await client.post("/sign-out", data={CSRF_FIELD: token})).status_code == 303
        assert not server.served.desks.open_accounts
        assert (await client.get("/who", headers={"Cookie": f"exim={cookie}"})).status_code == 303


async def test_every_answer_has_the_headers(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        client = await server.client()
        for path in ("/sign-in", "/nowhere", "/api/v1/nowhere"):
            headers = (await client.get(path)).headers
            assert "unsafe-inline" not in headers["content-security-policy"]
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert headers["cache-control"] == "no-store"
            assert headers["x-content-type-options"] == "nosniff"


async def test_a_cookie_over_tls_is_bound_to_its_host(exim_network: LedgerNetwork) -> None:
    async with running(exim_network, public_url="https://exim.test", hosts=["127.0.0.1"]) as server:
        client = await server.client()
        answer = await client.get(f"/sign-in/link/{await server.served.links.make('eximbank/maker')}")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-exim=")
        assert all(f"; {word}" in cookie for word in ("HttpOnly", "Path=/", "SameSite=strict", "Secure"))
        assert "strict-transport-security" in answer.headers


async def test_another_host_name_is_refused(exim_network: LedgerNetwork) -> None:
    """A page of another name that resolves to this machine is not our own (DNS rebinding)."""
    async with running(exim_network) as server:
        client = await server.client()
        assert (await client.get("/sign-in", headers={"Host": "evil.example"})).status_code == 400


async def test_a_fault_of_ours_says_nothing_of_itself(
    exim_network: LedgerNetwork, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> None:
        raise RuntimeError("secret words")

    async with running(exim_network) as server:
        app: FastAPI = server.app
        app.add_api_route("/api/v1/broken", broken)
        answer = await (await server.client()).get("/api/v1/broken")
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
        assert "content-security-policy" in answer.headers
        assert "secret words" in caplog.text


async def test_a_body_that_is_too_large_is_refused(exim_network: LedgerNetwork) -> None:
    async def slowly() -> object:
        for _ in range(64):
            yield b"x" * 1024

    async with running(exim_network, body_kib=16) as server:

        async def take(body: dict[str, str]) -> None: ...

        server.app.add_api_route("/api/v1/take", take, methods=["POST"])
        client: httpx.AsyncClient = await server.client()
        stated = await client.post("/api/v1/take", content=b"x" * 20_000)
        streamed = await client.post("/api/v1/take", content=slowly())  # type: ignore[arg-type]
        assert (stated.status_code, streamed.status_code) == (413, 413)


async def test_calls_are_counted(exim_network: LedgerNetwork) -> None:
    async with running(exim_network, calls_a_minute=5, sign_ins_a_minute=3) as server:
        await with_routes(server)
        client = await server.program("eximbank/maker")
        codes = [(await client.post("/act")).status_code for _ in range(7)]
        assert codes == [200] * 5 + [429] * 2
        stranger = await server.client(address="10.0.0.9")
        codes = [(await stranger.get("/sign-in/link/guess")).status_code for _ in range(5)]
        assert codes == [401] * 3 + [429] * 2


async def test_acts_and_refusals_are_in_the_audit_log(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        await with_routes(server)
        client = await server.program("eximbank/maker")
        await client.get("/who")
        await client.post("/act?secret=1")
        await (await server.client()).post("/act")
        lines = [line for _, line in await server.served.audit.lines()]
        assert [(each.account, each.how, each.route, each.status) for each in lines] == [
            ("", "", "/act", 401),
            ("eximbank/maker", "token", "/act", 200),
        ]


async def test_no_secret_is_in_the_log_or_the_audit(
    exim_network: LedgerNetwork, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with running(exim_network) as server:
        await with_routes(server)
        link = await server.served.links.make("eximbank/maker")
        client = await server.client()
        await client.get(f"/sign-in/link/{link}")
        cookie = client.cookies["exim"]
        _, token = await server.served.tokens.make("eximbank/maker", "core", [Scope.READ], timedelta(days=1))
        await (await server.client(headers={"Authorization": f"Bearer {token}"})).get("/api/v1/loans/SECRET-LOAN")
        await client.get("/who")
        kept = str(await server.served.store.run(lambda state: list(state.iterdump())))
        said = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
        lines = str(await server.served.audit.lines())
    for secret in (link, cookie, token):
        assert secret not in said
        assert secret not in lines
        assert secret not in kept
    assert "SECRET-LOAN" not in said + lines
    assert "/sign-in/link/{secret}" in lines
