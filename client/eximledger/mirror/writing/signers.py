"""Who signed a transaction, as its certificate says: member, person, roles."""

from __future__ import annotations

from dataclasses import dataclass

from eximledger_chaincode.lending.roles import duties_of, person_of
from hlf_chaincode.creator import creator_of
from hlf_chaincode.errors import NotAuthorized
from hlf_client.wire.written import Caller

__all__ = ["Signer", "signer_of"]


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, and what was called. The person is empty where the certificate names nobody."""

    msp_id: str
    person: str
    roles: str
    certificate_hash: str
    function: str


def signer_of(caller: Caller) -> Signer:
    """A certificate that cannot be read, such as a stranger's in an invalid transaction, names nobody."""
    try:
        creator = creator_of(caller.msp_id, caller.certificate)
    except NotAuthorized:
        return Signer(caller.msp_id, "", "", "", caller.function)
    try:
        person = person_of(creator).name
    except NotAuthorized:
        person = ""
    roles = ",".join(sorted(duty.value for duty in duties_of(creator)))
    return Signer(caller.msp_id, person, roles, creator.certificate_hash, caller.function)
