"""Settings by file and environment, and the command that serves them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from eximledger.cli import main
from eximledger.serving import Settings, read_settings
from eximledger.testing import exim_ledger
from hlf_client.errors import InvalidDocument


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"host": "0.0.0.0"}, ""),
        ({"tls_certificate": "a.pem"}, ""),
        ({"client_authorities": "ca.pem"}, ""),
        ({"officers": "officers.toml", "officer": "eximbank/maker"}, ""),
        ({"mirror_url": "sqlite:///a.db", "mirror_as": ["eximbank", "safe"]}, ""),
        ({"oidc": {"issuer": "http://id.test", "client_id": "a"}}, "oidc.issuer"),
        ({"idle_minutes": 0}, "idle_minutes"),
        ({"strange": 1}, "strange"),
    ],
)
def test_what_would_serve_wrongly_is_refused_by_its_field(tmp_path: Path, said: dict[str, object], field: str) -> None:
    path = tmp_path / "serve.toml"
    path.write_text("".join(f"{name} = {_toml(value)}\n" for name, value in said.items()))
    with pytest.raises(InvalidDocument) as refused:
        read_settings(path, {})
    assert refused.value.field == field
    assert refused.value.reason


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + " }"
    return json.dumps(value)


def test_the_environment_stands_above_the_file(tmp_path: Path) -> None:
    path = tmp_path / "serve.toml"
    path.write_text('officer = "eximbank/maker"\nport = 1\nstate = "kept"\n')
    found = read_settings(path, {"EXIM_SERVE_PORT": "2", "EXIM_SERVE_HOSTS": "a.test, b.test", "OTHER": "x"})
    assert (found.port, found.hosts, found.state) == (2, ("a.test", "b.test"), tmp_path / "kept")
    assert found.mirrored == ("eximbank/maker",)


def test_by_which_names_it_is_called() -> None:
    assert Settings(port=99).url == "http://127.0.0.1:99"
    assert "localhost" in Settings().called
    public = Settings(host="0.0.0.0", public_url="https://exim.test/")
    assert (public.url, public.called, public.secure) == ("https://exim.test", ("exim.test",), True)


def test_the_command_reads_it_all_and_says_what_it_comes_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exim_ledger(tmp_path / "exim.db").close()
    Path("serve.toml").write_text('officer = "eximbank/maker"\nport = 8999\n')
    done = CliRunner().invoke(main, ["serve", "--settings", "serve.toml", "--check", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["officer"] == "eximbank/maker"
    Path("serve.toml").write_text("port = 8999\n")
    done = CliRunner().invoke(main, ["serve", "--settings", "serve.toml", "--check"])
    assert done.exit_code == 1
    assert "nobody may sign in" in done.output


def test_it_makes_no_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["serve"], env={"EXIM_SERVE_OFFICER": "eximbank/maker"})
    assert done.exit_code == 1
    assert not Path("exim.db").exists()


def test_a_folder_of_attachments_is_beside_its_settings(tmp_path: Path) -> None:
    file = tmp_path / "serve.toml"
    file.write_text('officer = "eximbank/maker"\nattachments = "folder:scans"\n')
    assert read_settings(file, {}).attachments == f"folder:{tmp_path / 'scans'}"
    file.write_text('officer = "eximbank/maker"\nattachments = "folder:/srv/scans"\n')
    assert read_settings(file, {}).attachments == "folder:/srv/scans"
    file.write_text('officer = "eximbank/maker"\nattachments = "s3:https://store.example/bucket"\n')
    assert read_settings(file, {}).attachments == "s3:https://store.example/bucket"
