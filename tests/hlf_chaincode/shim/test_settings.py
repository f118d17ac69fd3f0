"""Settings, logs: what an operator writes and reads."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import pytest

from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.shim import Limits, Settings
from hlf_chaincode.shim.logs import JsonFormatter


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """As the network driver writes it."""
    names = {
        "CHAINCODE_TLS_KEY_FILE": "key",
        "CHAINCODE_TLS_CERT_FILE": "cert",
        "CHAINCODE_TLS_CLIENT_CACERT_FILE": "ca",
    }
    for name in names.values():
        (tmp_path / name).write_text(name)
    files = {variable: str(tmp_path / name) for variable, name in names.items()}
    return {"CHAINCODE_ID": "exim_1.0:abc", "CHAINCODE_SERVER_ADDRESS": "0.0.0.0:9999", **files}


def test_the_drivers_environment_means_mutual_tls(environment: dict[str, str]) -> None:
    settings = Settings.from_environment(environment | {"CHAINCODE_TLS_DISABLED": "false"})
    assert (settings.package_id, settings.address, settings.metrics_address) == ("exim_1.0:abc", "0.0.0.0:9999", "")
    assert settings.tls is not None
    assert (settings.tls.key, settings.tls.certificate, settings.tls.client_roots) == (b"key", b"cert", b"ca")
    assert "key" not in repr(settings)


def test_a_server_runs_contracts_itself_unless_it_is_told_to_have_workers(environment: dict[str, str]) -> None:
    assert Settings.from_environment(environment).workers == 1
    assert Settings.from_environment(environment | {"CHAINCODE_WORKERS": "4"}).workers == 4


def test_without_roots_any_client_may_call_and_disabled_is_said_in_so_many_words(environment: dict[str, str]) -> None:
    del environment["CHAINCODE_TLS_CLIENT_CACERT_FILE"]
    settings = Settings.from_environment(environment)
    assert settings.tls is not None
    assert settings.tls.client_roots is None
    assert Settings.from_environment(environment | {"CHAINCODE_TLS_DISABLED": "true"}).tls is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHAINCODE_ID", ""),
        ("CHAINCODE_SERVER_ADDRESS", ""),
        ("CHAINCODE_SERVER_ADDRESS", "9999"),
        ("CHAINCODE_SERVER_ADDRESS", "host:port"),
        ("CHAINCODE_SERVER_ADDRESS", "host:99999"),
        ("CHAINCODE_METRICS_ADDRESS", "nine"),
        ("CHAINCODE_TLS_DISABLED", "perhaps"),
        ("CHAINCODE_WORKERS", ""),
        ("CHAINCODE_WORKERS", "0"),
        ("CHAINCODE_WORKERS", "-1"),
        ("CHAINCODE_WORKERS", "65"),
        ("CHAINCODE_TLS_KEY_FILE", ""),
        ("CHAINCODE_TLS_CERT_FILE", "/nowhere"),
        ("CHAINCODE_TLS_CLIENT_CACERT_FILE", "/nowhere"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(InvalidDocument) as failure:
        Settings.from_environment(environment | {name: value})
    assert failure.value.field == name
    assert name in failure.value.message


def test_a_log_line_is_json_and_drops_what_it_does_not_know() -> None:
    try:
        raise ValueError("a document's contents")
    except ValueError:
        record = logging.LogRecord("hlf_chaincode", logging.ERROR, "f", 1, "it %s", ("failed",), sys.exc_info())
    record.channel, record.payload = "fx", "contents"
    line = json.loads(JsonFormatter().format(record))
    assert (line["level"], line["message"], line["channel"]) == ("error", "it failed", "fx")
    assert line["exception"].startswith("ValueError at ")
    assert "contents" not in json.dumps(line)


def test_limits_come_from_the_environment_too() -> None:
    limits = Limits.from_environment({"CHAINCODE_TURN_SECONDS": "2.5", "CHAINCODE_REQUESTS": "10", "PATH": "/bin"})
    assert limits == Limits(turn_seconds=2.5, requests=10)


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "nan", "many"])
def test_a_limit_is_a_number_above_zero(text: str) -> None:
    with pytest.raises(InvalidDocument) as failure:
        Limits.from_environment({"CHAINCODE_REQUESTS": text})
    assert failure.value.field == "CHAINCODE_REQUESTS"


@pytest.mark.parametrize("text", ["inf", "nan", "0", "soon"])
def test_a_time_limit_ends(text: str) -> None:
    with pytest.raises(InvalidDocument):
        Limits.from_environment({"CHAINCODE_TURN_SECONDS": text})
