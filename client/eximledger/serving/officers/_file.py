"""The file that says who may sign in: one table `[[officer]]` a person, in TOML.

    [[officer]]
    name = "li.wei"
    title = "Li Wei"
    signs = "eximbank/maker"                 # a user of the profile, or of an embedded ledger
    subjects = ["li.wei@bank.example"]       # how the identity provider names the person
    groups = ["exim-makers"]                 # in one of which the person must be

Instead of `signs`, `msp_id` with a `wallet` (an MSP folder), or with a `certificate` and a key in an HSM (`pkcs11`) or
at a key service (`remote`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eximledger._connect import connect
from eximledger.serving.officers._accounts import Account, Roll
from eximledger.serving.officers._remote import RemoteSigner
from eximledger_chaincode.documents import invalid_document
from hlf_client import Clock, Identity, Ledger
from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.identity import AnySigner, read_identity

__all__ = ["read_officers"]

_Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@/+-]{0,99}$")]
_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Stated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Pkcs11(_Stated):
    library: Path
    token: str
    pin_file: Path
    key: str | None = None
    key_id: str | None = None


class _Remote(_Stated):
    url: Annotated[str, Field(pattern="^https://")]
    key: str
    token_file: Path | None = None
    certificate: Path | None = None
    certificate_key: Path | None = None
    authorities: Path | None = None


class _Officer(_Stated):
    name: _Name
    title: str = ""
    ledger: str = ""
    signs: str = ""
    msp_id: str = ""
    wallet: Path | None = None
    certificate: Path | None = None
    pkcs11: _Pkcs11 | None = None
    remote: _Remote | None = None
    subjects: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    certificates: frozenset[_Hash] = frozenset()

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        ways = [bool(self.signs), self.wallet is not None, self.pkcs11 is not None, self.remote is not None]
        if sum(ways) != 1:
            raise ValueError("signs: say one of signs, wallet, pkcs11 and remote")
        if not self.signs and not self.msp_id:
            raise ValueError("msp_id: a key outside the profile needs the member's MSP id")
        if (self.pkcs11 or self.remote) and self.certificate is None:
            raise ValueError("certificate: a key elsewhere needs its certificate")
        return self


class _File(_Stated):
    officer: tuple[_Officer, ...]


def read_officers(path: Path, ledger: str, clock: Clock) -> Roll:
    """The officers of a file, on `ledger` where they name no other; their keys are opened when they sign in.

    Paths in it are relative to the file. Raises `InvalidDocument` naming what is wrong.
    """
    try:
        stated = _File.model_validate(tomllib.loads(path.read_text()))
    except ValidationError as error:
        raise invalid_document("officers", error) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidDocument(f"{path.name} is no TOML: {error}", field="officers", reason="no TOML") from None
    except OSError as error:
        raise InvalidDocument(f"{path}: {error.strerror}", field="officers", reason="cannot be read") from None
    return Roll(
        Account(
            name=each.name,
            connect=_connector(each, path.parent, each.ledger or ledger, clock),
            title=each.title,
            subjects=each.subjects,
            groups=each.groups,
            certificates=each.certificates,
        )
        for each in stated.officer
    )


def _connector(officer: _Officer, folder: Path, ledger: str, clock: Clock) -> Callable[[], Ledger]:
    def opened() -> Ledger:
        return connect(ledger, officer.signs or _identity(officer, folder), clock=clock)

    return opened


def _identity(officer: _Officer, folder: Path) -> Identity:
    if officer.wallet is not None:
        return read_identity(officer.msp_id, folder / officer.wallet)
    assert officer.certificate is not None  # noqa: S101 - the model says so
    return Identity(officer.msp_id, _read(folder / officer.certificate), _signer(officer, partial(_within, folder)))


def _signer(officer: _Officer, place: Callable[[Path | None], Path | None]) -> AnySigner:
    if officer.remote is not None:
        said = officer.remote
        return RemoteSigner(
            url=said.url, key=said.key, token_file=place(said.token_file), certificate=place(said.certificate),
            certificate_key=place(said.certificate_key), authorities=place(said.authorities),
        )  # fmt: skip
    from hlf_client.identity.pkcs11 import Pkcs11Signer

    assert officer.pkcs11 is not None  # noqa: S101 - the model says so
    held = officer.pkcs11
    pin = _read(place(held.pin_file) or held.pin_file).decode().strip()
    return Pkcs11Signer(held.library, token=held.token, pin=pin, key=held.key, key_id=held.key_id)


def _within(folder: Path, path: Path | None) -> Path | None:
    return None if path is None else folder / path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotAuthorized(f"{path} cannot be read: {error.strerror}") from None
