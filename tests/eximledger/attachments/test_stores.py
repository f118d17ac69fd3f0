"""Three stores, one interface: what goes in comes out, whole or not at all, and is checked by whoever reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.eximledger.attachments.bucket import ACCESS, SECRET, Bucket, bucket

from eximledger.attachments import (
    AttachmentAltered,
    AttachmentStore,
    Credentials,
    FolderStore,
    InLedgerStore,
    S3Store,
    StoreUnavailable,
    checked_content,
    new_attachment,
    open_store,
)
from eximledger.attachments._signing import authorised
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.documents.attached.attachment import MAX_ATTACHMENT
from hlf_client import verify
from hlf_client.errors import InvalidDocument, LedgerUnavailable, NotFound

SCAN = b"%PDF-1.7\n" + bytes(range(256)) * 20
HASH = hashlib.sha256(SCAN).hexdigest()
KEY = Credentials(ACCESS, SECRET)


@pytest.fixture
def served() -> Iterator[Bucket]:
    with bucket() as made:
        yield made


@pytest.fixture(params=["folder", "ledger", "s3"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork]
) -> AttachmentStore:
    if request.param == "folder":
        return FolderStore(tmp_path / "scans")
    if request.param == "ledger":
        network = exim_network_factory(tmp_path / "exim.db")
        await network.connect("eximbank").evaluate("bank", "consortium:members")
        return InLedgerStore(tmp_path / "exim.db", "EximbankMSP")
    served: Bucket = request.getfixturevalue("served")
    return S3Store(served.url, KEY)


async def test_what_goes_in_comes_out(store: AttachmentStore) -> None:
    assert await store.get(HASH) is None
    await store.put(HASH, SCAN)
    await store.put(HASH, SCAN)
    assert await store.get(HASH) == SCAN
    assert await store.get("0" * 64) is None


def test_what_a_store_gives_is_checked() -> None:
    facts = new_attachment("scan.pdf", SCAN)
    assert (facts.sha256, facts.size, facts.media_type) == (HASH, len(SCAN), "application/pdf")
    assert checked_content(facts, SCAN) == SCAN
    for other in (SCAN[:-1], SCAN + b" ", b"", SCAN.replace(b"1.7", b"1.6")):
        with pytest.raises(AttachmentAltered):
            checked_content(facts, other)
    with pytest.raises(NotFound):
        checked_content(facts, None)


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("a.pdf", b"", "file"), ("a.pdf", b"<html>", "file"), ("a.pdf", b"%PDF-" + bytes(MAX_ATTACHMENT), "file"),
        ("a/b.pdf", SCAN, "name"), (".a.pdf", SCAN, "name"),
    ],
)  # fmt: skip
def test_what_may_not_be_attached_is_refused(name: str, content: bytes, field: str) -> None:
    with pytest.raises(InvalidDocument) as raised:
        new_attachment(name, content)
    assert field in raised.value.field


# -- the folder --------------------------------------------------------------------------------------------------------


async def test_a_folder_is_its_owners_and_holds_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path / "scans")
    await store.put(HASH, SCAN)
    (file,) = [path for path in (tmp_path / "scans").rglob("*") if path.is_file()]
    assert file == tmp_path / "scans" / HASH[:2] / HASH
    assert file.stat().st_mode & 0o077 == 0
    other = "ab" * 32

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        await store.put(other, SCAN)
    assert await store.get(other) is None
    assert [path for path in (tmp_path / "scans").rglob("*") if path.is_file()] == [file]


async def test_a_folder_is_asked_for_hashes_alone(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of somebody else")
    with pytest.raises(StoreUnavailable, match="no SHA-256"):
        await FolderStore(tmp_path / "scans").get("../secret")


# -- the ledger's file -------------------------------------------------------------------------------------------------


async def test_one_member_does_not_get_anothers_bytes_and_the_file_stays_whole(
    tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork]
) -> None:
    network = exim_network_factory(tmp_path / "exim.db")
    await network.connect("eximbank").evaluate("bank", "consortium:members")
    await InLedgerStore(tmp_path / "exim.db", "EximbankMSP").put(HASH, SCAN)
    assert await InLedgerStore(tmp_path / "exim.db", "TradebankMSP").get(HASH) is None
    await network.finish()
    assert verify(tmp_path / "exim.db").is_good
    await InLedgerStore(tmp_path / "exim.db", "EximbankMSP").put(HASH, SCAN + b"touched")
    found = verify(tmp_path / "exim.db")
    assert "beside the ledger" in str(found.problems[0])


async def test_no_ledger_is_made_by_keeping_something_beside_it(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable):
        await InLedgerStore(tmp_path / "exim.db", "EximbankMSP").put(HASH, SCAN)
    assert not (tmp_path / "exim.db").exists()


# -- S3's interface ----------------------------------------------------------------------------------------------------


def test_a_request_is_signed_as_the_documentation_has_it() -> None:
    """The two examples of Signature Version 4 for single requests, by Amazon's own numbers."""
    key = Credentials("AKIA" + "IOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    moment = datetime(2013, 5, 24, tzinfo=UTC)
    empty = hashlib.sha256(b"").hexdigest()
    got = authorised(
        "GET", "examplebucket.s3.amazonaws.com", "/test.txt", {"Range": "bytes=0-9"}, payload_sha256=empty,
        credentials=key, region="us-east-1", now=moment,
    )  # fmt: skip
    assert got["authorization"].endswith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    put = authorised(
        "PUT", "examplebucket.s3.amazonaws.com", "/test$file.text",
        {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
        payload_sha256=hashlib.sha256(b"Welcome to Amazon S3.").hexdigest(), credentials=key, region="us-east-1",
        now=moment,
    )  # fmt: skip
    assert put["authorization"].endswith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")


async def test_a_wrong_key_is_refused_with_the_stores_word(served: Bucket) -> None:
    store = S3Store(served.url, Credentials(ACCESS, "another"))
    with pytest.raises(StoreUnavailable, match="HTTP 403 SignatureDoesNotMatch"):
        await store.put(HASH, SCAN)
    assert served.objects == {}


async def test_a_busy_store_is_asked_again_and_not_for_ever(served: Bucket) -> None:
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    store = S3Store(served.url, KEY, pause=pause)
    served.failures[:] = [503, 500]
    await store.put(HASH, SCAN)
    assert (len(served.asked), len(waited)) == (3, 2)
    served.failures[:] = [503, 503, 503]
    with pytest.raises(StoreUnavailable, match="HTTP 503"):
        await store.get(HASH)
    assert len(served.asked) == 6


async def test_a_store_that_is_not_there_is_unavailable() -> None:
    async def pause(_seconds: float) -> None:
        """At once."""

    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        await S3Store("http://127.0.0.1:9/papers", KEY, pause=pause).get(HASH)


@pytest.mark.parametrize(
    "url", ["http://store.example/papers", "https://store.example", "ftp://store.example/papers",
            "https://key:word@store.example/papers", "https://store.example/papers#x"],
)  # fmt: skip
def test_a_bucket_is_named_with_tls_and_without_keys(url: str) -> None:
    with pytest.raises(InvalidDocument):
        S3Store(url, KEY)


# -- by configuration --------------------------------------------------------------------------------------------------


def test_a_store_is_opened_by_its_url(tmp_path: Path) -> None:
    environment = {"AWS_ACCESS_KEY_ID": ACCESS, "AWS_SECRET_ACCESS_KEY": SECRET}

    def opened(url: str, ledger: str = "embedded:exim.db", env: dict[str, str] = environment) -> AttachmentStore:
        return open_store(url, ledger=ledger, msp_id="EximbankMSP", environment=env)

    assert isinstance(opened(""), InLedgerStore)
    assert isinstance(opened(f"folder:{tmp_path}"), FolderStore)
    assert isinstance(opened("s3:https://store.example/papers/x?region=cn-north-1"), S3Store)
    for url, ledger, env in (
        ("", "eximbank.yaml", environment), ("", "embedded::memory:", environment), ("ftp:x", "eximbank.yaml", {}),
        ("folder:", "eximbank.yaml", {}), ("s3:https://store.example/papers", "eximbank.yaml", {}),
        ("s3:https://store.example/papers?acl=public", "eximbank.yaml", environment),
    ):  # fmt: skip
        with pytest.raises(InvalidDocument):
            opened(url, ledger, env)


async def test_a_bucket_by_its_url_is_asked_for_its_region_with_the_token_that_its_key_has(served: Bucket) -> None:
    environment = {"AWS_ACCESS_KEY_ID": ACCESS, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": "a/session+token"}
    store = open_store(
        f"s3:{served.url}?region=cn-northwest-1", ledger="eximbank.yaml", msp_id="EximbankMSP", environment=environment
    )
    await store.put(HASH, SCAN)
    assert await store.get(HASH) == SCAN
    assert served.authorised == [("cn-northwest-1", "a/session+token")] * 2
    assert list(served.objects) == [f"/papers/of%20the%20bank/{HASH[:2]}/{HASH}"]


def test_a_key_is_not_printed() -> None:
    assert SECRET not in repr(KEY)
