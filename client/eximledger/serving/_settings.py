"""How the server is set up: a file in TOML, and above it the environment (EXIM_SERVE_NAME)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eximledger_chaincode.documents import invalid_document
from hlf_client.errors import InvalidDocument

__all__ = ["Oidc", "Settings", "read_settings"]

_PREFIX: Final = "EXIM_SERVE_"
_LISTS: Final = frozenset({"hosts", "mirror_as"})
_FOLDER: Final = "folder:"
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")


class Oidc(BaseModel):
    """An OpenID provider, and which of its claims say who somebody is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Annotated[str, Field(pattern="^https://")]
    client_id: str
    client_secret_file: Path | None = None
    """None for a public client, which PKCE alone protects."""
    subject_claim: str = "sub"
    groups_claim: str = "groups"
    scopes: str = "openid profile"


class Settings(BaseModel):
    """All that the server can be told. Durations are in minutes unless the name says hours or days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ledger: str = "embedded:exim.db"
    officers: Path | None = None
    """The file of those who may sign in."""
    officer: str = ""
    """One local officer, `member/user`, who signs in by a one-time link; there is no file then."""
    demo: bool = False
    """Whoever is signed in may go on as any other officer of any member: an embedded ledger of this machine alone."""
    state: Path | None = None
    """The folder of the server's own state; none keeps it in memory, for tests."""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8443
    public_url: str = ""
    """By which address browsers come, such as https://exim.bank.example; by default host and port."""
    hosts: tuple[str, ...] = ()
    """Other host names by which the server may be called."""
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    client_authorities: Path | None = None
    """Whose client certificates are taken (mutual TLS)."""
    trusted_proxies: str = ""
    """Addresses whose X-Forwarded-* headers are believed."""
    oidc: Oidc | None = None
    idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    session_hours: Annotated[int, Field(ge=1, le=24)] = 8
    link_minutes: Annotated[int, Field(ge=1, le=60)] = 5
    token_days: Annotated[int, Field(ge=1, le=366)] = 90
    """The longest that a bearer token may hold."""
    calls_a_minute: Annotated[int, Field(ge=1)] = 1200
    sign_ins_a_minute: Annotated[int, Field(ge=1)] = 20
    body_kib: Annotated[int, Field(ge=1)] = 1024
    upload_mib: Annotated[int, Field(ge=1, le=1024)] = 26
    mirror_url: str = ""
    """The member's mirror; by default an SQLite file in the state folder."""
    mirror_as: tuple[str, ...] = ()
    """`member/user` in whose name a member's mirror reads; it signs nothing that counts. The local officer's own where
    there is one; without any no mirror runs here, and there are no lists."""
    attachments: str = ""
    """Where files beside papers are kept (`folder:PATH`, `s3:https://HOST/BUCKET/PREFIX`); by default an embedded
    ledger's own file."""
    audit_days: Annotated[int, Field(ge=1)] = 3660

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.officers is not None and self.officer:
            raise ValueError("officer: one local officer stands without a file of officers")
        if self.demo and (not self.ledger.startswith("embedded:") or self.secure or not self.officer):
            raise ValueError("demo: a demo is of an embedded ledger, on this machine, and begins with one officer")
        if self.mirror_url and len(self.mirrored) != 1:
            raise ValueError("mirror_url: one database is one member's mirror")
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_key: a certificate and its key come together")
        if self.client_authorities is not None and self.tls_certificate is None:
            raise ValueError("client_authorities: client certificates come over TLS, so tls_certificate is needed")
        if not self.secure and self.host not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError("tls_certificate: without TLS, here or at a proxy (public_url https://), the server "
                             "listens on 127.0.0.1 only")  # fmt: skip
        return self

    @property
    def url(self) -> str:
        """The server's own address, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        scheme = "http" if self.tls_certificate is None else "https"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether browsers come over TLS."""
        return self.public_url.startswith("https://") or self.tls_certificate is not None

    @property
    def called(self) -> tuple[str, ...]:
        """By which host names the server answers: others are a trick on a browser (DNS rebinding)."""
        own = urlsplit(self.url).hostname or ""
        local = () if self.secure else _LOOPBACK
        return tuple(dict.fromkeys((own, *local, *self.hosts)))

    @property
    def mirrored(self) -> tuple[str, ...]:
        """In whose names mirrors read."""
        return self.mirror_as or ((self.officer,) if self.officer else ())

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        """The longest that a session holds."""
        return timedelta(hours=self.session_hours)


def read_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings of a file, and of the environment above it: EXIM_SERVE_PORT, EXIM_SERVE_OIDC__ISSUER. Paths in a
    file are relative to it. Raises `InvalidDocument` naming what is wrong."""
    stated: dict[str, object] = {}
    if path is not None:
        try:
            stated = tomllib.loads(path.read_text())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidDocument(f"{path.name} is no TOML: {error}", field="settings", reason="no TOML") from None
        except OSError as error:
            raise InvalidDocument(f"{path}: {error.strerror}", field="settings", reason="cannot be read") from None
        _place(stated, path.parent)
    for name, value in environment.items():
        if name.startswith(_PREFIX):
            _put(stated, name.removeprefix(_PREFIX).lower(), value)
    try:
        return Settings.model_validate(stated)
    except ValidationError as error:
        raise invalid_document("settings", error) from None


def _place(stated: dict[str, object], folder: Path) -> None:
    for name in ("officers", "state", "tls_certificate", "tls_key", "client_authorities"):
        if isinstance(said := stated.get(name), str):
            stated[name] = str(folder / said)
    if isinstance(said := stated.get("attachments"), str) and said.startswith(_FOLDER):
        stated["attachments"] = _FOLDER + str(folder / Path(said.removeprefix(_FOLDER)).expanduser())
    if isinstance(oidc := stated.get("oidc"), dict) and isinstance(said := oidc.get("client_secret_file"), str):
        oidc["client_secret_file"] = str(folder / said)


def _put(stated: dict[str, object], name: str, value: str) -> None:
    group, _, inner = name.partition("__")
    if inner:
        held = stated.setdefault(group, {})
        if isinstance(held, dict):
            held[inner] = value
        return
    stated[name] = [each.strip() for each in value.split(",") if each.strip()] if name in _LISTS else value
