"""Contracts and the chaincode server, given calls and messages: what to begin with, and how one input is played.

A call is a `ChaincodeInput` whose decorations say on which channel and by whom, and are its transient map; a stream is
a `ChaincodeInput` whose arguments are a peer's messages, one after the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import chain, count
from typing import Any, Final

from google.protobuf.message import DecodeError
from tests.conformance.probe import probe
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.listing import Edition, entry, party
from tests.hlf_chaincode.memory_peer import Identity
from tests.hlf_chaincode.shim.fake_peer import BATCHES, MESSAGE, transaction_message
from tests.pledge import PLEDGED
from tests.trust.fuzz.golden import driven, lending

from eximledger.testing import signed_authorisation, signed_revocation
from eximledger_chaincode.contracts import exim
from eximledger_chaincode.documents import LegalForce, Money, TolerancePolicy
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.steps import Proposal, Step
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Chaincode
from hlf_chaincode.limits import Limits
from hlf_chaincode.peer import Transaction
from hlf_chaincode.private_call import private_arguments, private_transient
from hlf_chaincode.protos.ledger.queryresult import kv_query_result_pb2 as results
from hlf_chaincode.protos.peer import chaincode_pb2 as chaincode
from hlf_chaincode.protos.peer import chaincode_shim_pb2 as shim
from hlf_chaincode.protos.peer import proposal_response_pb2 as responses
from hlf_chaincode.shim.metrics import Metrics
from hlf_chaincode.shim.stream.session import Host, Session
from hlf_chaincode.shim.stream.watchdog import Watchdog

__all__ = ["CALL_WORDS", "EXIM", "called", "calls", "decode_call", "play_call", "play_stream", "streams"]

WHO: Final = {
    "maker": trade.EXIMBANK, "checker": trade.CHECKER, "other": trade.TRADEBANK, "safe": trade.SAFE,
    "customs": trade.OFFICER, "stranger": trade.STRANGER,
}  # fmt: skip
EXIM: Final = exim()
CALL_WORDS: Final = (
    *(f"{contract}:{function}" for contract, made in EXIM.contracts.items() for function in made.functions),
    *WHO, "bank", "fx", "customs", "L-1", "L-2", "INV-1", "SC-1", "invoice", "declaration", "receipt", "rate",
    trade.number_of(1), "EximbankMSP", "seed", "answer", "arg0", "arg1",
    "2026-01-01", "[]", "{}", "null", "approved", *Step, "receipt-taken",
    "exchange", "matures_on", "insurer", "overrides", "bill",
)  # fmt: skip

# calls ------------------------------------------------------------------------

_SEED, _ANSWER = bytes(range(32)), bytes(range(32, 64))
"""What goes with a private call, the same each time: these calls are seeds."""
_WHO, _CHANNEL = "who", "channel"


def _call(who: str, channel: str, function: str, *arguments: object) -> bytes:
    """As a client sends it: what is private goes by transient, which are the other decorations."""
    encoded = [each.encode() if isinstance(each, str) else canonical_json(each) for each in arguments]
    said = {_WHO: who.encode(), _CHANNEL: channel.encode()}
    opened = [function.encode(), *encoded]
    if _is_private(function):
        said |= private_transient(encoded, seed=_SEED, answer=_ANSWER)
        opened = opened[:1]
    call: bytes = chaincode.ChaincodeInput(args=opened, decorations=said).SerializeToString(deterministic=True)
    return call


def _is_private(function: str) -> bool:
    contract, _, name = function.partition(":")
    return EXIM.contracts[contract].functions[name].private


@cache
def calls() -> Sequence[bytes]:
    """A good call of every function of every contract."""
    return tuple(
        chain(_of_customs_and_safe(), _of_consent(), _of_papers(), _of_loans(), _of_lists(), _of_the_register())
    )


def called() -> set[str]:
    """The functions that are called."""
    return {_read_call(call).args[0].decode() for call in calls()}


_NUMBER, _USCC = trade.number_of(1), trade.DONGYU.uscc or ""
_YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def _of_customs_and_safe() -> Iterator[bytes]:
    yield _call("safe", "fx", "consortium:configure", trade.MEMBERS)
    for function in ("members", "floors", "voters", "ballots"):
        yield _call("safe", "fx", f"consortium:{function}")
    yield _call("customs", "customs", "documents:put", "declaration", trade.declaration(9))
    yield _call("safe", "fx", "documents:put", "receipt", trade.receipt())
    yield _call("safe", "fx", "documents:put_many", "rate", [trade.rate()])
    yield _call("safe", "bank", "calendar:open", trade.APPLIED, 1)
    yield _call("maker", "bank", "calendar:day")
    yield _call("safe", "bank", "supervision:papers", "EximbankMSP", 10, "")
    yield _call("safe", "bank", "supervision:balances", [_NUMBER])
    yield _call("safe", "bank", "supervision:usage", "EximbankMSP", [trade.APPLIED])
    yield _call("safe", "customs", "supervision:kept", [[_USCC, "EximbankMSP"]])


def _of_consent() -> Iterator[bytes]:
    today = date(2026, 8, 1)
    yield _call("safe", "customs", "authorisations:open", trade.APPLIED)
    signed = signed_authorisation(_USCC, "EximbankMSP", today, number="AU-9")
    yield _call("maker", "customs", "authorisations:authorise", signed)
    yield _call("maker", "customs", "authorisations:revoke", signed_revocation(signed, today))
    yield _call("maker", "customs", "authorisations:consent", trade.consent("EximbankMSP"))
    yield _call("maker", "customs", "authorisations:standing", [[_USCC, "EximbankMSP", "declarations"]])
    yield _call("safe", "customs", "authorisations:book", _USCC, "EximbankMSP")
    yield _call("safe", "customs", "authorisations:list", 10, "")
    yield _call("safe", "customs", "copies:begin")
    yield _call("maker", "customs", "copies:declarations", _USCC, [_NUMBER])
    yield _call("maker", "fx", "copies:exchange", _USCC, [_NUMBER], ["INV-1"], ["R-1"])
    yield _call("maker", "customs", "copies:keep", _USCC, [_NUMBER])
    yield _call("safe", "fx", "copies:purge", _USCC, "EximbankMSP")
    yield _call("maker", "customs", "copies:owned", _USCC, [_NUMBER])
    yield _call("customs", "customs", "copies:recipients", [_NUMBER])


def _of_papers() -> Iterator[bytes]:
    for paper in (trade.invoice(9), trade.contract(9), trade.transport(9), trade.packing_list(9)):
        yield _call("maker", "bank", "documents:put", paper.KIND, paper)
    for function in ("get", "find", "history"):
        yield _call("customs", "customs", f"documents:{function}", "declaration", _NUMBER)
        yield _call("maker", "bank", f"documents:{function}", "invoice", "INV-1", "EximbankMSP")
    yield _call("maker", "bank", "documents:attach", "invoice", trade.invoice(1).id, trade.SCAN)
    yield _call("maker", "bank", "documents:attachments", "invoice", trade.invoice(1).id, "EximbankMSP")
    yield _call("customs", "customs", "documents:get_many", "declaration", [_NUMBER])
    yield _call("maker", "bank", "documents:list", "invoice", _USCC, 10, "")
    yield _call("maker", "customs", "documents:customs_facts", [_NUMBER], _USCC, *_YEAR)
    yield _call("maker", "customs", "documents:seals", [_NUMBER])
    yield _call("maker", "fx", "documents:rates", [["USD", "2026-09-01"]])
    yield _call("maker", "fx", "documents:receipts_for", _USCC, [_NUMBER], ["INV1"])
    yield _call("maker", "fx", "documents:fx_facts", _USCC, [_NUMBER], [], ["R-1"], *_YEAR)
    named = {
        "currencies": ["USD"],
        "days": ["2026-09-01"],
        "subjects": [party("Nobody Of That Name", country="DE")],
        "foreign": ["OFAC-SDN"],
        "least": 88,
    }
    yield _call("maker", "fx", "documents:fx_case", _USCC, [_NUMBER], [], ["R-1"], *_YEAR, named)
    yield _call("maker", "bank", "policies:propose", TolerancePolicy(bank="EximbankMSP"))
    yield _call("checker", "bank", "policies:confirm", "0" * 64)
    yield _call("maker", "bank", "policies:book", "EximbankMSP")


def _of_loans() -> Iterator[bytes]:
    yield _call("maker", "bank", "financing:balance", _NUMBER)
    yield _call("maker", "bank", "loans:apply", trade.application("L-9"))
    for function in ("check", "preview", "get", "history", "facts", "lapse", "mark_overdue", "offered"):
        yield _call("maker", "bank", f"loans:{function}", "L-1")
    yield _call("maker", "bank", "loans:version", "L-1", 1)
    yield _call("maker", "bank", "loans:step", "L-1", 0)
    yield _call("maker", "bank", "loans:written", "L-1", 0)
    yield _call("maker", "bank", "loans:preview_bill", "L-1", _bill(), None)
    yield _call("maker", "bank", "loans:named", "a" * 64)
    overrides = [{"finding": "AMOUNT", "reason": "known"}]
    yield _call("checker", "bank", "loans:approve", "L-2", 1, "e" * 64, overrides)
    for function in ("reject", "refer", "withdraw"):
        yield _call("checker", "bank", f"loans:{function}", "L-2", "a reason")
    for proposal in _proposals():
        yield _call("maker", "bank", "loans:propose", "L-2", proposal)
    yield _call("checker", "bank", "loans:confirm", "L-2", "0" * 64)
    yield _call("maker", "bank", "loans:list", "applied", 10, "")


def _of_lists() -> Iterator[bytes]:
    shared = Edition.of(entry("Q-1", "Nobody Of That Name"))
    own = Edition.of(entry("Q-1", "Nobody Of That Name"), own=True, force=LegalForce.INTERNAL)
    subject = party("Nobody Of That Name", country="DE")
    for who, channel, edition in (("safe", "fx", shared), ("maker", "bank", own)):
        yield _call(who, channel, "watch:begin", edition.heading)
        yield _call(who, channel, "watch:entries", edition.filing, 0, edition.part(0))
        yield _call(who, channel, "watch:index", edition.filing, 0, edition.buckets(0))
        yield _call(who, channel, "watch:activate", edition.filing)
        yield _call(who, channel, "watch:discard", edition.filing, 0)
    yield _call("maker", "fx", "watch:lists")
    yield _call("maker", "fx", "watch:entry", "UN-SC", "Q-1")
    yield _call("maker", "fx", "watch:listed", [subject], ["OFAC-SDN"], 88)
    yield _call("maker", "bank", "watch:own", [subject], [], 88, "EximbankMSP")
    yield _call("maker", "bank", "screening:propose", "L-1", "0" * 64, "a reason")
    yield _call("checker", "bank", "screening:confirm", "0" * 64, "0" * 64)
    yield _call("maker", "bank", "screening:record", "L-1")
    yield _call("maker", "bank", "screening:recorded", ["L-1"], "EximbankMSP")


def _bill() -> ExportBill:
    return ExportBill.model_validate({
        "declarations": [{"declaration_number": _NUMBER, "amount": trade.usd("50000.00")}], "contracts": ["SC-1"],
        "letters_of_credit": ["LC-1"], "invoices": ["INV-1"], "expected_receipt_on": date(2026, 12, 31),
    })  # fmt: skip


def _proposals() -> Iterator[Proposal]:
    """Of every step, with all that it may say."""
    paid = {"amount": Money.of("71000.00", "CNY"), "day": trade.APPLIED, "reference": "P-1"}
    exchange = {"money": trade.usd("10000"), "base": "USD", "rate": "7.1"}
    said: dict[Step, dict[str, object]] = {
        Step.DISBURSEMENT: {**paid, "exchange": exchange, "conditions": (PLEDGED,)},
        Step.REPAYMENT: {**paid, "exchange": exchange, "source": "buyer", "receipt": trade.receipt().id},
        Step.EXTENSION: {
            "matures_on": date(2027, 3, 1), "reason": "a reason", "rate_percent": "4.35",
            "overrides": [{"finding": "TENOR", "reason": "known"}],
        },
        Step.CONVERSION: {
            "bill": _bill(), "conditions": (PLEDGED,), "matures_on": date(2027, 3, 1), "rate_percent": "4.35",
            "overrides": [{"finding": "TENOR", "reason": "known"}],
        },
        Step.INDEMNITY: {**paid, "insurer": "Sinosure"},
        Step.WITHDRAWAL: {"reason": "a reason"},
        Step.WRITE_OFF: {"reason": "a reason"},
    }  # fmt: skip
    for step in Step:
        yield Proposal.model_validate({"step": step} | said[step])


def _of_the_register() -> Iterator[bytes]:
    yield _call("maker", "bank", "register:match", "L-1")
    yield _call("safe", "bank", "register:rotate")
    yield _call("safe", "bank", "register:generations")
    yield _call("safe", "bank", "register:pairs", "EximbankMSP", ["L-1"])
    pair = dict.fromkeys(("old", "new", "old_mark", "new_mark"), "a" * 32)
    yield _call("safe", "bank", "register:rekey", {"generation": 1, "pairs": [pair]})
    yield _call("safe", "bank", "register:retire")
    yield _call("safe", "bank", "register:usage", "EximbankMSP", "2026-09-01")


def _read_call(data: bytes) -> Any:
    """The call in an input; None when even the message is none, which a peer would not have let in."""
    try:
        return chaincode.ChaincodeInput.FromString(data)
    except DecodeError:
        return None


def decode_call(data: bytes) -> None:
    """Only the arguments, by whichever way they come: whatever function they are for, by name or by turn."""
    call = _read_call(data)
    if call is None or not call.args:
        return
    contract, _, function = call.args[0].decode(errors="replace").partition(":")
    named = EXIM.contracts.get(contract)
    if named is not None and function in named.functions:
        hidden = private_arguments({name: bytes(value) for name, value in call.decorations.items()})
        named.functions[function].decode([*call.args[1:], *hidden])


def play_call(data: bytes) -> None:
    """The whole transaction, on a ledger with papers and loans. A contract's own failure is a bug."""
    call = _read_call(data)
    if call is None:
        return
    said = {name: bytes(value) for name, value in call.decorations.items()}
    who: Identity = WHO.get(said.pop(_WHO, b"").decode(errors="replace"), trade.EXIMBANK)
    ledger = lending().ledger
    channel = said.pop(_CHANNEL, b"").decode(errors="replace")
    function, *arguments = call.args or [b""]
    answer = driven(
        ledger.call(who, channel if channel in ledger.channels else "bank", function, *arguments, transient=said)
    ).response
    answer.message.encode()
    assert answer.status != 500, answer.message


# streams ----------------------------------------------------------------------


_ticks: Final = count()


def _now() -> float:
    """A clock that goes on a little at each look."""
    return next(_ticks) / 1000


def _session(served: Chaincode) -> Session:
    limits = Limits(transactions=8, transaction_seconds=5, requests=1000)
    host = Host(
        served, "exim_1:abc", limits=limits, metrics=Metrics(), watchdog=Watchdog(limits.turn_seconds), clock=_now
    )
    return Session(host)


_SERVED: Final = (EXIM, probe())


def play_stream(data: bytes) -> None:
    """A peer's messages in their order. Each is answered with a message or with nothing; nothing is left at the end."""
    stream = _read_call(data)
    messages = [data] if stream is None else list(stream.args)
    for served in _SERVED:
        session = _session(served)
        session.greeting()
        for message in messages:
            answer = session.receive(message)
            if answer is not None:
                MESSAGE.FromString(answer)
        for answer in session.expire():
            MESSAGE.FromString(answer)
        session.close()
        assert session.in_flight == 0, "a transaction is left open"


@cache
def streams() -> Sequence[bytes]:
    """What peers of 3.1 and of 2.5 send: a greeting, a transaction, and an answer to each request."""
    value = json.dumps({"kind": "loan"}).encode()
    entry = results.KV(namespace="exim", key="a", value=value).SerializeToString()
    change = results.KeyModification(tx_id="t", value=value)
    change.timestamp.FromDatetime(datetime(2026, 9, 1, tzinfo=UTC))
    page = shim.QueryResponse(has_more=True, id="i", results=[shim.QueryResultBytes(resultBytes=entry)])
    page.metadata = shim.QueryResponseMetadata(fetched_records_count=1, bookmark="b").SerializeToString()
    past = shim.QueryResponse(has_more=True, id="i")
    past.results.add(resultBytes=change.SerializeToString())
    policy = shim.StateMetadataResult()
    policy.entries.add(metakey="VALIDATION_PARAMETER", value=b"\x0a\x00")
    called = responses.Response(status=200, payload=b'["1"]').SerializeToString()
    other = MESSAGE(type=MESSAGE.COMPLETED, payload=called).SerializeToString()
    many = shim.GetStateMultipleResult(values=[value, b""]).SerializeToString()
    answers = {
        '["state:get","a"]': [value],
        '["state:get_many","[\\"a\\",\\"b\\"]"]': [many],
        '["state:put_many","{\\"a\\":\\"1\\",\\"b\\":\\"2\\"}"]': [b""],
        '["state:range","",""]': [page.SerializeToString()] * 3,
        '["state:page","","","5",""]': [page.SerializeToString()],
        '["state:history","a"]': [past.SerializeToString()] * 3,
        '["private:hash","c","a"]': [b"h" * 32],
        '["probe:policy","a"]': [policy.SerializeToString()],
        '["probe:ask","probe","customs","[\\"state:get\\",\\"a\\"]"]': [other],
        '["loans:get","L-1"]': [canonical_json(trade.MEMBERS), value],
    }
    return tuple(_stream(json.loads(call), given) for call, given in answers.items())


def _stream(call: Sequence[str], answers: Sequence[bytes]) -> bytes:
    arguments = tuple(part.encode() for part in call)
    who, moment = trade.EXIMBANK, datetime(2026, 9, 1, tzinfo=UTC)
    proposal = transaction_message(
        Transaction("a" * 64, "bank", moment, who.msp_id, who.certificate, arguments, {"value": b"1"})
    )
    messages = [
        MESSAGE(type=MESSAGE.REGISTERED), MESSAGE(type=MESSAGE.READY, payload=BATCHES.SerializeToString()), proposal,
        *(MESSAGE(type=MESSAGE.RESPONSE, payload=each, channel_id="bank", txid="a" * 64) for each in answers),
        MESSAGE(type=MESSAGE.ERROR, payload=b"GET_STATE failed: no", channel_id="bank", txid="a" * 64),
        MESSAGE(type=MESSAGE.KEEPALIVE),
    ]  # fmt: skip
    stream: bytes = chaincode.ChaincodeInput(args=[each.SerializeToString() for each in messages]).SerializeToString()
    return stream
