"""Secrets that were planted do not leave the house in a bundle, and what is asked about does."""

from __future__ import annotations

import pytest

from hlf_client.identity import generate_key, private_key_pem
from hlf_network.monitoring.redaction import REMOVED, redacted, secret_values

KEY = private_key_pem(generate_key()).decode()


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"loaded {KEY} from disk", KEY.splitlines()[1]),
        (f"cut off: {KEY[:90]}", KEY.splitlines()[1][:20]),
        ("DATABASE=postgresql://ledger:" + "hunter22@db/x", "hunter22"),
        ("Authorization: Bearer eyJhbGciOi.JIUzI1NiJ9", "JIUzI1NiJ9"),
        ("password=hunter22, user=maker", "hunter22"),
        ('{"api_key": "abc-123-def"}', "abc-123-def"),
        ("HSM_PIN: 987654", "987654"),
        ("client_secret='s3cr3t-value'", "s3cr3t-value"),
        ('password="two words", user=maker', "words"),
        (f"rest: {KEY[90:]}", KEY.splitlines()[2][-16:]),
        (r'DEBU private_data:{payload:{tx_id:"0d" private_rwset:"\x1a\n\"secret\x1a\rtold" height:23}}', r"\rtold"),
        (r'DEBU private_res:{elements:{digest:{block_seq:3} payload:"\x1a\rtold"}}', r"\rtold"),
    ],
    ids=[
        "key",
        "half a key",
        "url",
        "bearer",
        "password",
        "JSON",
        "PIN",
        "client secret",
        "words",
        "a key's end",
        "private data sent",
        "private data fetched",
    ],
)
def test_what_looks_like_a_secret_is_taken_out(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in redacted(text)
    assert REMOVED in redacted(text)


def test_the_value_of_a_secret_setting_is_taken_out_wherever_it_stands() -> None:
    secrets = secret_values([("CORE_LEDGER_STATE_COUCHDBCONFIG_PASSWORD", "xyzzy42"), ("FABRIC_LOGGING_SPEC", "info")])
    assert secrets == {"xyzzy42"}
    assert redacted("cannot log in with xyzzy42 at info", secrets) == f"cannot log in with {REMOVED} at info"


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("DBPASSWORD", "xyzzy42", "xyzzy42"),
        ("HSM_PIN", "987654", "987654"),
        ("EXIM_DSN", "host=db password=xyzzy42", "host=db password=xyzzy42"),
        ("MIRROR", "postgresql://ledger:" + "xyzzy42@db/x", "xyzzy42"),
        ("BROKER_AUTH", "xyzzy42", "xyzzy42"),
        ("SIGNING_KEY", "xyzzy42", "xyzzy42"),
    ],
)
def test_settings_are_secret_by_many_names_and_in_addresses(name: str, value: str, secret: str) -> None:
    assert secret in secret_values([(name, value)])


@pytest.mark.parametrize("name", ["CORE_PEER_ADDRESS", "CHAINCODE_TRANSACTIONS", "MONKEY", "SPINNING", "COMPASS"])
def test_what_logs_are_full_of_is_no_secret(name: str) -> None:
    assert not secret_values([(name, "info")])


@pytest.mark.parametrize(
    "line",
    [
        "2026-01-01 UTC 0001 INFO [gossip.state] commit -> Committed block [7] on channel fx",
        "Deployed key safe-7, tokens of 3 peers, pinned at block 4",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "grpc.peer_address=172.18.0.5:40844 error=nil",
    ],
)
def test_what_is_asked_about_stays(line: str) -> None:
    assert redacted(line) == line
