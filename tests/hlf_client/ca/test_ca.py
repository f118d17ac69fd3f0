"""A Fabric CA asked for everything, once the real server and once a stand-in of its documented answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from tests.hlf_client.ca.servers import ADMIN, SECRET, RunningCa

from hlf_chaincode.creator import creator_of
from hlf_client.ca import (
    Attribute,
    CaClient,
    CaError,
    CaNotAuthorized,
    CaNotFound,
    CaRefused,
    Registrar,
    request_elsewhere,
    write_enrolment,
    write_tls,
)
from hlf_client.errors import FabricError, InvalidDocument, LedgerUnavailable, NotAuthorized
from hlf_client.identity import (
    AsyncSigner,
    Identity,
    PrivateKeySigner,
    RevocationList,
    TrustAnchors,
    generate_key,
    load_certificate,
    read_identity,
)


@pytest.fixture
async def ca(fabric_ca: RunningCa) -> AsyncIterator[CaClient]:
    async with CaClient(fabric_ca.url, roots=fabric_ca.roots) as client:
        yield client


@pytest.fixture
async def admin(ca: CaClient) -> Identity:
    return (await ca.enrol(ADMIN, SECRET)).identity("BankMSP")


@pytest.fixture
def registrar(ca: CaClient, admin: Identity) -> Registrar:
    return ca.registrar(admin)


def somebody() -> str:
    return f"maker-{uuid4().hex[:8]}"


async def test_a_ca_says_who_it_is_and_what_it_issues_is_its_own(ca: CaClient) -> None:
    authority = await ca.authority()
    assert authority.version
    assert len(authority.roots) == 1
    assert authority.intermediates == ()
    enrolled = await ca.enrol(ADMIN, SECRET)
    assert enrolled.authority.chain == authority.chain
    assert enrolled.key is not None
    assert load_certificate(enrolled.certificate).public_key() == enrolled.key.public_key()
    assert TrustAnchors("BankMSP", authority.roots).issued(enrolled.certificate)


async def test_a_registered_name_enrols_with_its_attributes_and_role(ca: CaClient, registrar: Registrar) -> None:
    name = somebody()
    attributes = [Attribute("exim.role", "maker", in_certificate=True), Attribute("desk", "7")]
    secret = await registrar.register(name, affiliation="org1.department1", attributes=attributes)
    enrolled = await ca.enrol(name, secret)
    creator = creator_of("BankMSP", enrolled.certificate)
    assert creator.attributes["exim.role"] == "maker"
    assert creator.attributes["hf.EnrollmentID"] == name
    assert "desk" not in creator.attributes
    asked = creator_of("BankMSP", (await ca.enrol(name, secret, attributes={"desk": True})).certificate).attributes
    assert asked["desk"] == "7"
    assert "exim.role" not in asked
    with pytest.raises(CaError, match="no-such"):
        await ca.enrol(name, secret, attributes={"no-such": True})
    await ca.enrol(name, secret, attributes={"no-such": False})


@pytest.mark.parametrize("kind", ["client", "peer", "orderer", "admin"])
async def test_the_kind_is_the_role_that_fabric_reads(ca: CaClient, registrar: Registrar, kind: str) -> None:
    name = somebody()
    enrolled = await ca.enrol(name, await registrar.register(name, kind=kind, secret="chosen"))
    certified = TrustAnchors("BankMSP", enrolled.authority.roots).certify(
        enrolled.certificate, load_certificate(enrolled.certificate).not_valid_before_utc
    )
    assert certified.role == kind


async def test_who_has_a_certificate_enrols_again_without_a_secret(ca: CaClient, registrar: Registrar) -> None:
    name = somebody()
    first = await ca.enrol(name, await registrar.register(name))
    second = await ca.enrol_again(first.identity("BankMSP"), name)
    assert load_certificate(second.certificate).subject == load_certificate(first.certificate).subject
    assert second.certificate != first.certificate
    assert first.key is not None
    third = await ca.enrol_again(second.identity("BankMSP"), name, key=first.key)
    assert load_certificate(third.certificate).public_key() == first.key.public_key()
    assert len(await registrar.certificates(name)) == 3


async def test_a_key_elsewhere_is_enrolled_by_its_own_request(ca: CaClient, registrar: Registrar) -> None:
    name, key = somebody(), generate_key()

    class Elsewhere:
        async def sign(self, digest: bytes) -> bytes:
            return PrivateKeySigner(key).sign(digest)

    signer: AsyncSigner = Elsewhere()
    request = await request_elsewhere(name, key.public_key(), signer)
    enrolled = await ca.enrol(name, await registrar.register(name), request=request)
    assert enrolled.key is None
    assert load_certificate(enrolled.certificate).public_key() == key.public_key()
    again = await ca.enrol_again(Identity("BankMSP", enrolled.certificate, signer), name, request=request)
    assert load_certificate(again.certificate).public_key() == key.public_key()
    with pytest.raises(InvalidDocument, match="not both"):
        await ca.enrol(name, "x", request=request, key=key)


async def test_a_p384_key_enrols_and_signs_tokens(ca: CaClient, registrar: Registrar) -> None:
    name, key = somebody(), ec.generate_private_key(ec.SECP384R1())
    enrolled = await ca.enrol(name, await registrar.register(name), key=key)
    await ca.enrol_again(enrolled.identity("BankMSP"), name)


async def test_names_are_looked_up_changed_and_removed(ca: CaClient, registrar: Registrar) -> None:
    name = somebody()
    await registrar.register(name, attributes=[Attribute("desk", "7"), Attribute("floor", "2")], max_enrolments=3)
    found = await registrar.identity(name)
    assert (found.name, found.kind, found.max_enrolments) == (name, "client", 3)
    assert found.attributes["desk"] == "7"
    assert name in {each.name for each in await registrar.identities()}
    changed = await registrar.change(
        name, attributes=[Attribute("desk", "8"), Attribute("floor", "")], max_enrolments=5
    )
    assert (changed.max_enrolments, changed.attributes["desk"]) == (5, "8")
    assert "floor" not in changed.attributes
    await registrar.change(name, secret="another")
    await ca.enrol(name, "another")
    await registrar.remove(name)
    with pytest.raises(CaNotFound):
        await registrar.identity(name)


async def test_affiliations_are_added_and_listed(registrar: Registrar) -> None:
    name = f"org1.{uuid4().hex[:6]}"
    await registrar.add_affiliation(name)
    assert {"org1", "org1.department1", name} <= set(await registrar.affiliations())


async def test_a_revoked_certificate_is_on_the_list_and_its_neighbour_is_not(
    ca: CaClient, registrar: Registrar
) -> None:
    name = somebody()
    first = await ca.enrol(name, await registrar.register(name))
    second = await ca.enrol_again(first.identity("BankMSP"), name)
    revoked = await registrar.revoke(certificate=first.certificate, reason="keycompromise", with_list=True)
    (one,) = revoked.certificates
    assert int(one.serial, 16) == load_certificate(first.certificate).serial_number
    listed = RevocationList.parse(revoked.revocation_list)
    root = load_certificate(first.authority.roots[0])
    assert listed.is_issued_by(root)
    assert listed.names(load_certificate(first.certificate))
    assert not listed.names(load_certificate(second.certificate))
    later = RevocationList.parse(await registrar.revocation_list())
    assert later.names(load_certificate(first.certificate))


async def test_a_revoked_name_is_out(ca: CaClient, registrar: Registrar) -> None:
    name = somebody()
    secret = await registrar.register(name)
    enrolled = await ca.enrol(name, secret)
    revoked = await registrar.revoke(name)
    assert len(revoked.certificates) == 1
    assert revoked.revocation_list == b""
    with pytest.raises(CaNotAuthorized):
        await ca.enrol(name, secret)
    with pytest.raises(CaNotAuthorized):
        await ca.enrol_again(enrolled.identity("BankMSP"), name)
    with pytest.raises(InvalidDocument, match="whom to revoke"):
        await registrar.revoke()
    with pytest.raises(CaNotFound, match=r"was not found|Failed"):
        await registrar.revoke("nobody-of-that-name")


async def test_refusals_have_the_cas_code_and_words(ca: CaClient, registrar: Registrar) -> None:
    with pytest.raises(CaNotAuthorized) as wrong:
        await ca.enrol(ADMIN, "wrong")
    assert (wrong.value.code, wrong.value.http_status) == (20, 401)
    assert "Authentication failure" in wrong.value.said
    assert isinstance(wrong.value, NotAuthorized)
    assert "wrong" not in str(wrong.value)
    name = somebody()
    secret = await registrar.register(name)
    with pytest.raises(CaRefused, match="already registered") as twice:
        await registrar.register(name)
    assert twice.value.code == 74
    person = (await ca.enrol(name, secret)).identity("BankMSP")
    with pytest.raises(CaNotAuthorized) as forbidden:
        await ca.registrar(person).register(somebody())
    assert forbidden.value.code == 71
    stranger = Identity("BankMSP", person.certificate, PrivateKeySigner(generate_key()))
    with pytest.raises(CaNotAuthorized):
        await ca.enrol_again(stranger, name)


async def test_what_came_is_an_msp_folder_and_a_tls_folder(ca: CaClient, registrar: Registrar, tmp_path: Path) -> None:
    name = somebody()
    secret = await registrar.register(name, kind="peer")
    enrolled = await ca.enrol(name, secret)
    write_enrolment(tmp_path / "msp", enrolled, tls=await ca.authority())
    read = read_identity("BankMSP", tmp_path / "msp")
    assert read.certificate == enrolled.certificate
    assert (tmp_path / "msp/keystore/key.pem").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "msp/tlscacerts/tlsca.pem").read_bytes() == enrolled.authority.roots[0]
    assert "Certificate: cacerts/ca.pem" in (tmp_path / "msp/config.yaml").read_text()
    tls = await ca.enrol(name, secret, profile="tls", hosts=["peer0.bank.example", "127.0.0.1"])
    names = load_certificate(tls.certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(each.value) for each in names} == {"peer0.bank.example", "127.0.0.1"}
    write_tls(tmp_path / "tls", tls, "server")
    assert (tmp_path / "tls/server.crt").read_bytes() == tls.certificate
    assert (tmp_path / "tls/ca.crt").read_bytes() == tls.authority.roots[0]


async def test_who_is_no_ca_or_not_trusted_is_told(fabric_ca: RunningCa) -> None:
    async with CaClient("http://127.0.0.1:1", seconds=2) as nobody:
        with pytest.raises(LedgerUnavailable, match="does not answer"):
            await nobody.authority()
    async with CaClient(fabric_ca.url + "/elsewhere", roots=fabric_ca.roots) as elsewhere:
        with pytest.raises(FabricError):
            await elsewhere.authority()
    if fabric_ca.roots is not None:
        async with CaClient(fabric_ca.url) as untrusted:
            with pytest.raises(LedgerUnavailable, match="not one of the given roots'"):
                await untrusted.authority()
    for url in ("ca.example:7054", "ldap://ca.example", ""):
        with pytest.raises(InvalidDocument, match="is not https://HOST"):
            CaClient(url)
    with pytest.raises(InvalidDocument, match="no certificates"):
        CaClient("https://ca.example", roots=b"nothing")
