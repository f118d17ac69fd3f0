"""A client of Fabric CA: certificates from the authority that many networks run.

    async with CaClient("https://ca.bank.example:7054", roots=roots) as ca:
        admin = await ca.enrol("admin", secret)
        registrar = ca.registrar(admin.identity("BankMSP"))
        password = await registrar.register("maker", kind="client", attributes=[Attribute("role", "maker", True)])
        maker = await ca.enrol("maker", password)

Enrol, enrol again, register, change, revoke, revocation lists, affiliations. X.509 only: identity mixer (idemix)
credentials are left out, as nothing else in this package could use them. `_client` asks without a certificate,
`_registrar` in the name of one; `_folders` writes what came into MSP and TLS folders. May import `identity`, `errors`
and `_https`; nothing imports it but the network's material.
"""

from __future__ import annotations

from hlf_client.ca._client import CaClient
from hlf_client.ca._folders import write_enrolment, write_tls
from hlf_client.ca._registrar import Registrar
from hlf_client.ca._requests import request_elsewhere, signing_request
from hlf_client.ca._values import (
    Attribute,
    Authority,
    Enrolment,
    RegisteredIdentity,
    Revocation,
    RevokedCertificate,
)
from hlf_client.ca.errors import CaError, CaNotAuthorized, CaNotFound, CaRefused, CaUnavailable

__all__ = [
    "Attribute",
    "Authority",
    "CaClient",
    "CaError",
    "CaNotAuthorized",
    "CaNotFound",
    "CaRefused",
    "CaUnavailable",
    "Enrolment",
    "RegisteredIdentity",
    "Registrar",
    "Revocation",
    "RevokedCertificate",
    "request_elsewhere",
    "signing_request",
    "write_enrolment",
    "write_tls",
]
