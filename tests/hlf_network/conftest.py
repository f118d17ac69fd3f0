"""Networks for the tests on real Fabric: small ways to say how one differs from the default, and servers for it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from eximledger_network import default_consortium
from hlf_client.identity import CertificateAuthority, generate_key
from hlf_client.identity.wallet import NODE_OUS
from hlf_network._session import Session
from hlf_network.consortium import Consortium, Orderer, Organization, ServerPlace
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.ports import PortBook
from hlf_network.material.crypto import _issue, _leaves, ensure_certificates
from hlf_network.material.layout import Layout, write_public
from hlf_network.progress import Recorder
from hlf_network.testing import missing_for, running_network

HERE = Path(__file__).parent
NO_ENGINE = cast("Engine", None)


def _beside(name: str) -> ModuleType:
    """A module that lies beside this file and in no package."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _package_id(server: ModuleType, settings: Path) -> str:
    return str(server.read_settings(settings)["CHAINCODE_ID"])


@contextmanager
def chaincode_servers(network: Network, organization: str = "*") -> Iterator[None]:
    """Every organisation's chaincode server, or one's, in this process."""
    server = _beside("chaincode_server")
    with ExitStack() as stack:
        for settings in sorted(network.layout.chaincode.glob(f"{organization}.env")):
            stack.enter_context(server.serving(server.read_settings(settings), partial(_package_id, server, settings)))
        yield


@pytest.fixture(scope="session")
def serve() -> Callable[..., object]:
    return chaincode_servers


@pytest.fixture(scope="session")
def variant() -> Callable[..., Consortium]:
    """The default consortium with chaincode on this host, under another name and with other settings."""

    def make(name: str, *, four_orderers: bool = False, **changes: object) -> Consortium:
        consortium = default_consortium()
        assert consortium.chaincode is not None
        chaincode = consortium.chaincode.model_copy(update={"server": ServerPlace.HOST})
        organizations = consortium.organizations
        if four_orderers:
            notary = Organization(name="notary", role="orderer", orderers=(Orderer(name="orderer0"),))
            organizations = (*organizations, notary)
        updates = {"name": name, "chaincode": chaincode, "organizations": organizations, **changes}
        return consortium.model_copy(update=updates)

    return make


@contextmanager
def network_or_skip(consortium: Consortium, folder: Path) -> Iterator[Network]:
    """A running network with its chaincode servers; a skip with the reason where it cannot run."""
    reason = missing_for(consortium)
    if reason:
        pytest.skip(reason)
    with running_network(consortium, folder) as network, chaincode_servers(network):
        yield network


@pytest.fixture(scope="session")
def bring_up() -> Callable[[Consortium, Path], object]:
    return network_or_skip


def _subordinate(root: CertificateAuthority) -> CertificateAuthority:
    """An authority that a root has certified to issue leaves, and no further authorities."""
    key, above = generate_key(), root.certificate
    common = x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuing authority")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([common, *above.subject]))
        .issuer_name(above.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(above.not_valid_before_utc)
        .not_valid_after(above.not_valid_after_utc - timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(above.extensions.get_extension_for_class(x509.KeyUsage).value, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(root.key, hashes.SHA256())
    )
    return CertificateAuthority(certificate, key)


@pytest.fixture(scope="session")
def by_intermediates() -> Callable[[Consortium, str, Path], Consortium]:
    """The consortium with one organisation bringing what authorities below its roots have issued."""

    def make(consortium: Consortium, name: str, elsewhere: Path) -> Consortium:
        layout, owner = Layout.of(consortium, elsewhere), consortium.organization(name)
        ensure_certificates(consortium, layout)
        folder = layout.organization(owner)
        below = {}
        for authority in ("ca", "tlsca"):
            pems = [(folder / authority / file).read_bytes() for file in ("cert.pem", "key.pem")]
            below[authority] = _subordinate(CertificateAuthority.load(*pems))
        for leaf in _leaves(consortium, owner, layout):
            _issue(leaf, below[leaf.authority], consortium.certificates, None)
            if leaf.authority == "tlsca":
                leaf.certificate.write_bytes(leaf.certificate.read_bytes() + below["tlsca"].pem)
        for msp in (path for path in folder.rglob("msp") if path.is_dir()):
            write_public(msp / "intermediatecerts/issuing.pem", below["ca"].pem)
            write_public(msp / "tlsintermediatecerts/issuing.pem", below["tlsca"].pem)
            (msp / "config.yaml").write_text(NODE_OUS.replace("    Certificate: cacerts/ca.pem\n", ""))
        for bundle in folder.rglob("ca.crt"):
            bundle.write_bytes(bundle.read_bytes() + below["tlsca"].pem)
        brought = tuple(
            one.model_copy(update={"material": folder}) if one == owner else one for one in consortium.organizations
        )
        return consortium.model_copy(update={"organizations": brought})

    return make


@pytest.fixture(scope="session")
def config_reading() -> Callable[[bytes, dict[bytes, str]], dict[str, object]]:
    reading: Callable[[bytes, dict[bytes, str]], dict[str, object]] = _beside("config_reading").reading
    return reading


@pytest.fixture(scope="session")
def offline() -> Callable[[Consortium, Path], Session]:
    """A session with certificates and files, and no engine: for what needs none."""

    def make(consortium: Consortium, folder: Path) -> Session:
        layout = Layout.of(consortium, folder)
        ensure_certificates(consortium, layout)
        ports = PortBook.open(layout.ports, consortium)
        return Session(consortium, layout, ports, NO_ENGINE, Recorder())

    return make
