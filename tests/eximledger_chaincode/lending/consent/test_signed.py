"""A signed paper: taken under the exporter's own certificate of a named authority, and in no other case."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.eximledger_chaincode.lending.consent.issuing import (
    EXPORTER,
    NEIGHBOUR,
    NOW,
    ROOT,
    SOUND,
    Issued,
    authorisation,
    issued,
    revocation,
    rsa_key,
    signature,
    signed,
    signed_revocation,
)

from eximledger_chaincode.lending.consent import (
    SignedAuthorisation,
    SignedRevocation,
    require_authority,
    require_signed,
)
from hlf_chaincode.canonical import canonical_json, plain_json
from hlf_chaincode.errors import NotAuthorized

P384 = ec.generate_private_key(ec.SECP384R1())
OTHER = issued("Exporters of Guangdong")
TWIN = issued("Exporters of Guizhou")
"""Another key under the same name."""


def in_pem(der: bytes) -> str:
    text = b64encode(der).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def test_a_sound_paper_is_given_back() -> None:
    assert require_signed(signed(), [ROOT.pem], NOW) == authorisation()
    assert require_signed(signed_revocation(), [ROOT.pem], NOW) == revocation()


def test_any_of_the_authorities_will_do() -> None:
    for named in ([OTHER.pem, ROOT.pem], [TWIN.pem, ROOT.pem], [ROOT.pem, TWIN.pem]):
        require_signed(signed(), named, NOW)


@pytest.mark.parametrize("key", [P384], ids=["P-384"])
def test_both_curves_are_taken(key: ec.EllipticCurvePrivateKey) -> None:
    root = issued("Exporters", key=key, digest=hashes.SHA384())
    holder = issued("Tongren Cable", root, usccs=(EXPORTER,), key=key, digest=hashes.SHA384())
    require_signed(signed(holder=holder), [root.pem], NOW)


@pytest.mark.parametrize("authority", [OTHER, TWIN], ids=["another", "of the same name"])
def test_a_certificate_of_no_named_authority_is_refused(authority: Issued) -> None:
    with pytest.raises(NotAuthorized, match="issued by none"):
        require_signed(signed(), [authority.pem], NOW)
    with pytest.raises(NotAuthorized, match="names no exporters' authority"):
        require_signed(signed(), [], NOW)


HOLDERS: dict[str, tuple[Callable[[], Issued], str]] = {
    "another exporter's": (lambda: issued("N", ROOT, usccs=(NEIGHBOUR,)), "USCC"),
    "nobody's": (lambda: issued("N", ROOT), "USCC"),
    "two exporters'": (lambda: issued("N", ROOT, usccs=(EXPORTER, NEIGHBOUR)), "USCC"),
    "the same twice": (lambda: issued("N", ROOT, usccs=(EXPORTER, EXPORTER)), "USCC"),
    "the USCC as its name": (lambda: issued(EXPORTER, ROOT), "USCC"),
    "the USCC in small letters": (lambda: issued("N", ROOT, usccs=(EXPORTER.lower(),)), "USCC"),
    "the USCC with a blank": (lambda: issued("N", ROOT, usccs=(f"{EXPORTER} ",)), "USCC"),
    "self-signed": (lambda: issued("N", usccs=(EXPORTER,)), "issued by none"),
    "an authority's below ours": (
        lambda: issued("N", ROOT, usccs=(EXPORTER,), ca=True, may_issue=True),
        "authority's own",
    ),
    "by an authority below ours": (
        lambda: issued("N", issued("Below", ROOT, ca=True, may_issue=True), usccs=(EXPORTER,)),
        "issued by none",
    ),
    "by another exporter": (lambda: issued("N", SOUND, usccs=(EXPORTER,)), "issued by none"),
    "of our name and another key": (
        lambda: issued("N", TWIN, usccs=(EXPORTER,), issuer_key=ROOT),
        "issued by none",
    ),
    "of another name and our key": (
        lambda: issued("N", ROOT, usccs=(EXPORTER,), issuer="Exporters of Hainan"),
        "issued by none",
    ),
    "naming another issuer's key": (lambda: issued("N", ROOT, usccs=(EXPORTER,), issuer_key=TWIN), "issued by none"),
    "naming no issuer's key": (lambda: issued("N", ROOT, usccs=(EXPORTER,), issuer_key=False), "issued by none"),
    "not for signing": (lambda: issued("N", ROOT, usccs=(EXPORTER,), may_sign=False), "not made for signing"),
    "without a usage": (lambda: issued("N", ROOT, usccs=(EXPORTER,), has_usage=False), "what its key is for"),
    "with another critical part": (
        lambda: issued("N", ROOT, usccs=(EXPORTER,), critical=x509.OCSPNoCheck()),
        "critical part",
    ),
    "on P-521": (lambda: issued("N", ROOT, usccs=(EXPORTER,), key=ec.generate_private_key(ec.SECP521R1())), "P-384"),
    "on secp256k1": (
        lambda: issued("N", ROOT, usccs=(EXPORTER,), key=ec.generate_private_key(ec.SECP256K1())),
        "P-384",
    ),
    "with Ed25519": (lambda: issued("N", ROOT, usccs=(EXPORTER,), key=Ed25519PrivateKey.generate()), "P-384"),
    "with RSA": (lambda: issued("N", ROOT, usccs=(EXPORTER,), key=rsa_key()), "P-384"),
    "with SHA-512": (lambda: issued("N", ROOT, usccs=(EXPORTER,), digest=hashes.SHA512()), "SHA-256"),
    "with a usage that cannot be read": (
        lambda: issued(
            "N",
            ROOT,
            usccs=(EXPORTER,),
            has_usage=False,
            critical=x509.UnrecognizedExtension(ExtensionOID.KEY_USAGE, b"\xff"),
        ),
        "cannot be read",
    ),
    "expired": (lambda: issued("N", ROOT, usccs=(EXPORTER,), days=(-30, -1)), "have it issued again"),
    "not yet valid": (lambda: issued("N", ROOT, usccs=(EXPORTER,), days=(1, 30)), "have it issued again"),
}


@pytest.mark.parametrize("name", HOLDERS)
def test_each_fault_of_a_certificate_is_refused(name: str) -> None:
    make, why = HOLDERS[name]
    holder = make()
    with pytest.raises(NotAuthorized, match=why):
        require_signed(signed(holder=holder), [ROOT.pem], NOW)


def test_the_authoritys_own_certificate_signs_no_paper() -> None:
    """Not even where it could: it is named for issuing."""
    root = issued("Exporters", usccs=(EXPORTER,), may_sign=True, may_issue=True)
    with pytest.raises(NotAuthorized, match="issued by none"):
        require_signed(signed(holder=root), [root.pem], NOW)


@pytest.mark.parametrize(("days", "is_taken"), [((-30, -1), False), ((1, 30), False), ((-1, 1), True)])
def test_the_authority_must_hold_too(days: tuple[int, int], is_taken: bool) -> None:
    root = issued("Exporters", days=days)
    paper = signed(holder=issued("N", root, usccs=(EXPORTER,)))
    if is_taken:
        require_signed(paper, [root.pem], NOW)
    else:
        with pytest.raises(NotAuthorized, match="authority's certificate holds from"):
            require_signed(paper, [root.pem], NOW)


def test_the_moment_is_the_transactions_wherever_it_is_read() -> None:
    holder = issued("N", ROOT, usccs=(EXPORTER,), days=(0, 1))
    paper = signed(holder=holder)
    for moment in (NOW, NOW + timedelta(days=1), NOW.astimezone(timezone(timedelta(hours=8)))):
        require_signed(paper, [ROOT.pem], moment)
    for moment in (NOW - timedelta(seconds=1), NOW + timedelta(days=1, seconds=1), datetime(2036, 1, 1, tzinfo=UTC)):
        with pytest.raises(NotAuthorized, match="exporter's certificate holds from"):
            require_signed(paper, [ROOT.pem], moment)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ca": False}, "is not an authority's"),
        ({"may_issue": False}, "not made for issuing"),
        ({"has_identifier": False}, "key identifier"),
        ({"has_usage": False}, "key usage"),
        ({"key": ec.generate_private_key(ec.SECP521R1())}, "P-384"),
        ({"key": Ed25519PrivateKey.generate()}, "P-384"),
        ({"digest": hashes.SHA512()}, "SHA-384"),
        ({"critical": x509.OCSPNoCheck()}, "critical"),
        (
            {"has_usage": False, "critical": x509.UnrecognizedExtension(ExtensionOID.KEY_USAGE, b"\xff")},
            "cannot be read",
        ),
        ({"by": ROOT, "ca": True, "may_issue": True}, "signed itself"),
    ],
)
def test_what_may_not_issue_is_no_authority(changes: dict[str, object], why: str) -> None:
    made = issued("Exporters", **changes)  # type: ignore[arg-type] # by name
    with pytest.raises(NotAuthorized, match=why):
        require_authority(made.pem)
    with pytest.raises(NotAuthorized):
        require_signed(signed(holder=issued("N", made, usccs=(EXPORTER,))), [made.pem], NOW)


@pytest.mark.parametrize(
    ("part", "other"),
    [("a003020102", "a003020105"), ("2a8648ce3d030107", "2a8648ce3d03017f"), ("0603551d13", "0603551d0f")],
    ids=["of a later version", "on an unknown curve", "with one extension twice"],
)
def test_a_certificate_that_cannot_be_read_is_refused_in_words(part: str, other: str) -> None:
    """Whatever a library calls it, and whichever part it stumbles over."""
    der = ROOT.certificate.public_bytes(Encoding.DER)
    changed = der.replace(bytes.fromhex(part), bytes.fromhex(other))
    assert changed != der
    with pytest.raises(NotAuthorized, match="cannot be read"):
        require_authority(in_pem(changed))


@pytest.mark.parametrize(
    "changes",
    [
        {"bank": "EvilMSP"}, {"what": ("classification", "declarations", "receipts")}, {"number": "TC-2026/8"},
        {"valid_until": "2027-09-01"}, {"valid_from": "2026-01-01"}, {"purpose": "anything"},
    ],
)  # fmt: skip
def test_a_paper_that_was_changed_after_it_was_signed_is_refused(changes: dict[str, object]) -> None:
    changed = signed().model_copy(update={"paper": authorisation(**changes)})
    with pytest.raises(NotAuthorized, match="not of this paper"):
        require_signed(changed, [ROOT.pem], NOW)


def test_a_signature_of_another_paper_or_key_is_refused() -> None:
    of_revocation = signature(revocation().signed_bytes)
    by_neighbour = signature(authorisation().signed_bytes, issued("N", ROOT, usccs=(EXPORTER,)))
    with_sha384 = b64encode(
        SOUND.key.sign(authorisation().signed_bytes, ec.ECDSA(hashes.SHA384()))  # type: ignore[call-arg, arg-type]
    ).decode()
    for wrong in (of_revocation, by_neighbour, with_sha384, b64encode(b"\x30\x00").decode(), "AAAA"):
        with pytest.raises(NotAuthorized, match="not of this paper"):
            require_signed(signed().model_copy(update={"signature": wrong}), [ROOT.pem], NOW)


BYTES = canonical_json(signed())


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(BYTES) - 1), st.integers(0, 255))
def test_no_byte_of_it_can_be_changed(place: int, byte: int) -> None:
    changed = BYTES[:place] + bytes([byte]) + BYTES[place + 1 :]
    if changed == BYTES:
        return
    with pytest.raises((NotAuthorized, ValidationError)):
        require_signed(SignedAuthorisation.model_validate_json(changed), [ROOT.pem], NOW)


def with_certificate(der: bytes) -> bytes:
    """The sound paper with these bytes as its certificate."""
    return plain_json(json.loads(BYTES) | {"certificate": in_pem(der)})


DER = SOUND.certificate.public_bytes(Encoding.DER)


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")  # odd serial numbers
@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(DER) - 1), st.integers(1, 255))
def test_no_byte_of_the_certificate_can_be_changed(place: int, mask: int) -> None:
    changed = bytearray(DER)
    changed[place] ^= mask
    with pytest.raises((NotAuthorized, ValidationError)):
        require_signed(SignedAuthorisation.model_validate_json(with_certificate(bytes(changed))), [ROOT.pem], NOW)


def test_nor_can_the_count_of_the_bits_of_its_signature() -> None:
    """Where the last bit is 0, a library takes it for one that does not count, and verifies the signature."""
    for _ in range(64):
        holder = issued("Tongren Cable", ROOT, usccs=(EXPORTER,))
        der = holder.certificate.public_bytes(Encoding.DER)
        if der[-1] % 2 == 0:
            break
    place = len(der) - len(holder.certificate.signature) - 1
    changed = der[:place] + b"\x01" + der[place + 1 :]
    assert x509.load_der_x509_certificate(changed).signature == holder.certificate.signature
    with pytest.raises(ValidationError, match="as tools write it"):
        SignedAuthorisation.model_validate_json(with_certificate(changed))


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("certificate", "", "give one X.509 certificate"),
        ("certificate", "\x00", "give one X.509 certificate"),
        ("certificate", f"{SOUND.pem}{ROOT.pem}", "nothing else"),
        ("certificate", f"I am genuine\n{SOUND.pem}", "nothing else"),
        ("certificate", SOUND.pem.strip(), "nothing else"),
        ("certificate", SOUND.pem * 50, "8000 characters"),
        ("signature", "not base64", "base64"),
        ("signature", "AB==", "base64, in the one way"),
        ("signature", "A" * 204, "200 characters"),
        ("signature", f" {signed().signature}", "base64"),
    ],
    ids=map(str, range(10)),  # values that are made anew in each process are no names
)  # fmt: skip
def test_what_is_not_written_in_the_one_way_is_refused(field: str, value: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        SignedAuthorisation.model_validate(json.loads(BYTES) | {field: value})


def test_the_longest_signature_is_read_and_one_more_is_not() -> None:
    longest = SignedAuthorisation.model_validate(json.loads(BYTES) | {"signature": "A" * 200})
    with pytest.raises(NotAuthorized, match="not of this paper"):
        require_signed(longest, [ROOT.pem], NOW)


def test_one_kind_of_paper_is_not_read_as_the_other() -> None:
    with pytest.raises(ValidationError):
        SignedRevocation.model_validate_json(BYTES)
    with pytest.raises(ValidationError):
        SignedAuthorisation.model_validate_json(canonical_json(signed_revocation()))
