"""An exporters' authority, an exporter's key and signed papers as files: what is written counts on the ledger."""

from __future__ import annotations

import json
import stat
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eximledger.consent import (
    ExporterKey,
    ExportersAuthority,
    read_authority,
    read_consent,
    write_consent,
)
from eximledger_chaincode.lending.consent import Authorisation, Revocation, SignedAuthorisation, require_signed
from hlf_client.errors import FabricError, InvalidDocument, NotAuthorized, Refused
from hlf_client.identity import load_certificate

NOW = datetime(2026, 9, 1, 4, tzinfo=UTC)
TODAY = date(2026, 9, 1)
USCC, OTHER = "91520600MA6HJ4T31J", "914403003192775168"


@pytest.fixture
def authority(tmp_path: Path) -> ExportersAuthority:
    return ExportersAuthority.create(tmp_path / "authority", "贵州出口商认证", "SAFE Guizhou", now=NOW)


@pytest.fixture
def exporter(authority: ExportersAuthority, tmp_path: Path) -> ExporterKey:
    authority.enrol(tmp_path / "exporter", USCC, "铜仁电缆有限公司", now=NOW)
    return ExporterKey.open(tmp_path / "exporter")


def authorisation(**changes: object) -> Authorisation:
    return Authorisation.model_validate(
        {
            "number": "TC-1", "exporter": USCC, "bank": "HarbourMSP", "what": ("receipts",), "valid_from": TODAY,
            "valid_until": TODAY + timedelta(days=90), "purpose": "出口押汇",
        }
        | changes
    )  # fmt: skip


def revocation() -> Revocation:
    return Revocation(authorisation="TC-1", exporter=USCC, revoked_on=TODAY)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_signed_counts_under_the_authority(exporter: ExporterKey, authority: ExportersAuthority) -> None:
    assert require_signed(exporter.sign(authorisation()), [authority.pem], NOW) == authorisation()
    assert require_signed(exporter.sign(revocation()), [authority.pem], NOW) == revocation()


def test_keys_are_their_owners_alone(exporter: ExporterKey, authority: ExportersAuthority) -> None:
    for files in (exporter.files, authority.files):
        assert mode(files.key_file) == 0o600
        assert mode(files.folder) == 0o700
        assert mode(files.certificate_file) == 0o644


def test_a_certificate_names_company_and_uscc_and_ends_with_its_authority(
    authority: ExportersAuthority, tmp_path: Path
) -> None:
    made = authority.enrol(tmp_path / "long", f" {USCC.lower()} ", "铜仁电缆有限公司", days=7300, now=NOW)
    subject = load_certificate(made.files.certificate_file.read_bytes()).subject.rfc4514_string()
    assert (made.uscc, made.name) == (USCC, "铜仁电缆有限公司")
    assert f"2.5.4.5={USCC}" in subject
    assert "CN=铜仁电缆有限公司" in subject
    assert made.not_after == authority.issuer.certificate.not_valid_after_utc
    short = authority.enrol(tmp_path / "short", USCC, "铜仁电缆有限公司", days=3, now=NOW)
    assert short.not_after == NOW + timedelta(days=3)


def test_an_authority_is_opened_and_read_again(authority: ExportersAuthority) -> None:
    again = ExportersAuthority.open(authority.files.folder)
    assert again.pem == authority.pem == read_authority(authority.files.certificate_file)
    assert again.fingerprint == authority.fingerprint


def test_no_key_is_lost(authority: ExportersAuthority, exporter: ExporterKey, tmp_path: Path) -> None:
    before = authority.files.key_file.read_bytes(), exporter.files.key_file.read_bytes()
    with pytest.raises(Refused, match="would be lost"):
        ExportersAuthority.create(authority.files.folder, "Another")
    with pytest.raises(Refused, match="would be lost"):
        authority.enrol(exporter.files.folder, USCC, "Another")
    exporter.files.certificate_file.unlink()
    with pytest.raises(Refused, match="would be lost"):
        authority.enrol(exporter.files.folder, USCC, "Another")
    assert (authority.files.key_file.read_bytes(), exporter.files.key_file.read_bytes()) == before
    authority.enrol(exporter.files.folder, USCC, "铜仁电缆有限公司", replace=True)
    assert exporter.files.key_file.read_bytes() != before[1]


def test_an_exporter_keeps_its_key_where_it_asks_for_a_certificate(
    authority: ExportersAuthority, tmp_path: Path
) -> None:
    key, request, folder = tmp_path / "own.pem", tmp_path / "own.csr", tmp_path / "own"
    subprocess.run(
        ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout", key,
         "-out", request, "-subj", "/CN=whoever I like/serialNumber=914403003192775168"],
        check=True, capture_output=True,
    )  # fmt: skip
    made = authority.enrol(folder, USCC, "铜仁电缆有限公司", request=request, now=NOW)
    assert not made.files.key_file.exists()
    with pytest.raises(NotAuthorized, match=r"key\.pem cannot be read"):
        ExporterKey.open(folder).sign(authorisation())
    made.files.key_file.write_bytes(key.read_bytes())
    require_signed(ExporterKey.open(folder).sign(authorisation()), [authority.pem], NOW)


def test_a_request_that_its_key_did_not_sign_is_refused(authority: ExportersAuthority, tmp_path: Path) -> None:
    request = tmp_path / "request.csr"
    subprocess.run(
        ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "k", "-out", request,
         "-subj", "/CN=x"],
        check=True, capture_output=True,
    )  # fmt: skip
    with pytest.raises(InvalidDocument, match="P-256 or P-384"):
        authority.enrol(tmp_path / "e", USCC, "x", request=request)
    lines = request.read_text().splitlines()
    last = lines[-2]
    lines[-2] = ("A" if last[0] != "A" else "B") + last[1:]
    for wrong in ("\n".join(lines), "", "-----BEGIN CERTIFICATE REQUEST-----"):
        request.write_text(wrong)
        with pytest.raises(InvalidDocument, match=r"not signed with the key|no certificate request"):
            authority.enrol(tmp_path / "e", USCC, "x", request=request)
    assert not (tmp_path / "e").exists()


@pytest.mark.parametrize(
    ("uscc", "name", "days", "why"),
    [
        ("123", "x", 1, "uscc is not"), (USCC, "", 1, "name has"), (USCC, "x" * 65, 1, "name has"),
        (USCC, "x\u202ey", 1, "can be seen"), (USCC, "x", 0, "days is between"), (USCC, "x", 10**9, "days is between"),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_certificate_is_named(
    authority: ExportersAuthority, tmp_path: Path, uscc: str, name: str, days: int, why: str
) -> None:
    with pytest.raises(InvalidDocument, match=why):
        authority.enrol(tmp_path / "e", uscc, name, days=days)
    assert not (tmp_path / "e").exists()


def test_an_authority_that_has_expired_issues_nothing(tmp_path: Path) -> None:
    old = ExportersAuthority.create(tmp_path / "old", "Old", days=1, now=NOW)
    with pytest.raises(NotAuthorized, match="expired on 2026-09-02"):
        old.enrol(tmp_path / "e", USCC, "x", now=NOW + timedelta(days=2))


def test_an_exporter_is_no_authority_and_an_authority_no_exporter(
    authority: ExportersAuthority, exporter: ExporterKey
) -> None:
    with pytest.raises(NotAuthorized, match="not an authority's"):
        ExportersAuthority.open(exporter.files.folder)
    with pytest.raises(NotAuthorized, match="not an authority's"):
        read_authority(exporter.files.certificate_file)
    with pytest.raises(NotAuthorized, match="names no exporter"):
        ExporterKey.open(authority.files.folder)


def test_keys_that_are_none_are_named(exporter: ExporterKey, authority: ExportersAuthority, tmp_path: Path) -> None:
    with pytest.raises(NotAuthorized, match="cannot be read"):
        ExporterKey.open(tmp_path / "nowhere")
    with pytest.raises(NotAuthorized, match="larger than 64 KiB"):
        read_authority(Path("/dev/zero"))
    exporter.files.key_file.write_bytes(authority.files.key_file.read_bytes())
    with pytest.raises(NotAuthorized, match="not the key of"):
        exporter.sign(authorisation())
    exporter.files.key_file.write_bytes(b"no key")
    with pytest.raises(NotAuthorized, match="no usable key"):
        exporter.sign(authorisation())


def test_nobody_signs_for_another_exporter(exporter: ExporterKey) -> None:
    with pytest.raises(NotAuthorized, match="each signs its own"):
        exporter.sign(authorisation(exporter=OTHER))


# -- the file ----------------------------------------------------------------------------------------------------------


def test_a_paper_is_read_as_it_was_written(exporter: ExporterKey, tmp_path: Path) -> None:
    for paper in (exporter.sign(authorisation()), exporter.sign(revocation())):
        path = tmp_path / paper.paper.kind
        write_consent(path, paper)
        assert mode(path) == 0o600
        assert read_consent(path) == read_consent(path.read_bytes()) == paper
    assert "出口押汇" in (tmp_path / "authorisation").read_text(encoding="utf-8")


def test_a_file_is_not_lost_either(exporter: ExporterKey, tmp_path: Path) -> None:
    path = tmp_path / "consent.json"
    write_consent(path, exporter.sign(authorisation()))
    with pytest.raises(Refused, match="would be lost"):
        write_consent(path, exporter.sign(revocation()))
    assert isinstance(read_consent(path), SignedAuthorisation)
    write_consent(path, exporter.sign(revocation()), replace=True)
    assert not isinstance(read_consent(path), SignedAuthorisation)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")  # odd serial numbers
def test_no_byte_of_a_file_can_be_changed(
    exporter: ExporterKey, authority: ExportersAuthority, tmp_path: Path, place: float, mask: int
) -> None:
    path = tmp_path / "consent.json"
    write_consent(path, exporter.sign(authorisation()), replace=True)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= mask
    with pytest.raises(FabricError):
        require_signed(_authorised(bytes(content)), [authority.pem], NOW)


def _authorised(content: bytes) -> SignedAuthorisation:
    found = read_consent(content)
    assert isinstance(found, SignedAuthorisation)
    return found


def test_what_a_person_would_read_otherwise_is_refused(exporter: ExporterKey, tmp_path: Path) -> None:
    path = tmp_path / "consent.json"
    write_consent(path, exporter.sign(authorisation()))
    text = path.read_text(encoding="utf-8")
    bank = '    "bank": "HarbourMSP",\n'
    twice = text.replace(bank, f'    "bank": "TinyMSP",\n{bank}')
    compact = json.dumps(json.loads(text), ensure_ascii=False)
    for wrong in (twice, compact, text.replace("\n", "\r\n"), text + "\n", "\ufeff" + text):
        with pytest.raises(InvalidDocument, match=r"its bytes were changed|is not in eximledger-consent/1"):
            read_consent(wrong.encode())


@pytest.mark.parametrize(
    "wrong",
    [b"", b"{}", b"[1]", b"\xff", b"[" * 60_000, b'{"format": "eximledger-consent/2"}', b"x" * 70_000,
     b'{"format": "eximledger-consent/1", "paper": {"kind": "gift"}, "certificate": "", "signature": ""}'],
)  # fmt: skip
def test_what_is_no_such_file_is_refused_in_a_sentence(wrong: bytes) -> None:
    with pytest.raises(InvalidDocument, match=r"it\.json (is not in eximledger-consent/1|is larger than 64 KiB)"):
        read_consent(wrong, name="it.json")
