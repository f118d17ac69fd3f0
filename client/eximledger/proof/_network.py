"""Which network a verifier means, and whom it trusts there: said in words, or pinned in a small trust file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import StringConstraints, ValidationError

from eximledger.proof._authorities import Authorities, Authority, require_own_authorities
from eximledger_chaincode import CHAINCODE
from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.documents import Value
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.json_size import require_sane_size
from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.wire.evidence import BlockEvidence, MemberAuthorities, channel_authorities, first_block, read_block

__all__ = ["BUREAU", "AuthorityPart", "TrustFile", "TrustedNetwork"]

BUREAU: Final = "SafeMSP"
"""The foreign-exchange bureau's MSP id on the default consortium."""

_SHA256: Final = r"^[0-9a-f]{64}$"
_LIMIT: Final = 16 << 20
"""Bytes of a trust file or a channel's first block."""


class AuthorityPart(Value):
    """One organisation's authorities in a trust file (PEM)."""

    msp_id: Annotated[str, StringConstraints(min_length=1)]
    roots: tuple[str, ...]
    intermediates: tuple[str, ...] = ()

    @classmethod
    def of(cls, found: MemberAuthorities) -> Self:
        return cls(
            msp_id=found.msp_id,
            roots=tuple(pem.decode() for pem in found.roots),
            intermediates=tuple(pem.decode() for pem in found.intermediates),
        )

    @property
    def authority(self) -> Authority:
        """As it is trusted. Raises `NotAuthorized` for what is no authority's certificate."""
        return Authority(
            self.msp_id,
            tuple(pem.encode() for pem in self.roots),
            tuple(pem.encode() for pem in self.intermediates),
        )


class TrustFile(Value):
    """One channel of one network: how it began, who its members are, and who orders its blocks."""

    format: Literal["eximledger-trust/1"] = "eximledger-trust/1"
    channel: str
    genesis: Annotated[str, StringConstraints(pattern=_SHA256)]
    members: tuple[AuthorityPart, ...]
    orderers: tuple[AuthorityPart, ...]

    @classmethod
    def of(cls, genesis: BlockEvidence, config: BlockEvidence | None = None) -> Self:
        """From a channel's first block, and where given the one with its newest configuration.

        Raises `InvalidDocument` for other blocks.
        """
        began = first_block(genesis)
        try:
            members, orderers = channel_authorities(genesis if config is None else config)
            return cls(
                channel=began.channel,
                genesis=began.hash,
                members=tuple(AuthorityPart.of(each) for each in members),
                orderers=tuple(AuthorityPart.of(each) for each in orderers),
            )
        except (UnicodeDecodeError, ValidationError):
            raise _unreadable("the configuration in it cannot be read") from None

    @classmethod
    def read(cls, path: Path) -> Self:
        """From a trust file, or a channel's first block as `eximledger network` and peers keep it.

        Raises `InvalidDocument` for anything else, `NotAuthorized` for an authority's certificate or MSP folder: it
        does not say whose it is.
        """
        content = _read(path)
        if not content.lstrip().startswith(b"{"):
            return cls.of(read_block(content))
        require_sane_size(content, "the trust file")
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"]) or "the file"
            expected = cls.model_fields["format"].default
            raise _unreadable(f"{path} is no trust file ({expected}): {where} is wrong") from None

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return canonical_json(self) + b"\n"


@dataclass(frozen=True, slots=True)
class TrustedNetwork:
    """What a proof must be of, and who is believed. Raises `InvalidDocument` or `NotAuthorized` for what cannot be.

    An authority of `members` vouches for officers and peers, one of `orderers` for the signatures on blocks, and
    neither for the other.
    """

    genesis: str
    """SHA-256 (hex) of the header of the channel's first block."""
    members: Authorities
    orderers: Authorities
    channel: str = BANK
    chaincode: str = CHAINCODE
    bureau: str = BUREAU
    """The foreign-exchange bureau's MSP id: its peers must have signed."""
    required: frozenset[str] = frozenset()
    """More members (MSP ids) whose peers must have signed."""

    def __post_init__(self) -> None:
        _require_sha256(self.genesis)
        if not self.bureau:
            raise InvalidDocument("the bureau has no name: give its MSP id", field="bureau", reason="is empty")
        require_own_authorities((*self.members.trusted, *self.orderers.trusted))

    @property
    def witnesses(self) -> frozenset[str]:
        """The members whose peers must have signed."""
        return self.required | {self.bureau}

    @classmethod
    def of(
        cls,
        files: Iterable[TrustFile],
        *,
        members: Iterable[tuple[str, Path]] = (),
        orderers: Iterable[tuple[str, Path]] = (),
        genesis: str = "",
        channel: str = BANK,
        chaincode: str = CHAINCODE,
        bureau: str = BUREAU,
        required: Iterable[str] = (),
    ) -> Self:
        """From trust files and authorities named one by one.

        Raises `InvalidDocument` where no file and no `genesis` says which network, or where they disagree.
        """
        files = tuple(files)
        for each in files:
            if each.channel != channel:
                raise InvalidDocument(
                    f"what is trusted is of channel {each.channel}, and the proof shall be of {channel}",
                    field="channel",
                    reason="is another",
                )
        return cls(
            members=_all(files, "members", members),
            orderers=_all(files, "orderers", orderers),
            genesis=_agreed(genesis.lower(), files),
            channel=channel,
            chaincode=chaincode,
            bureau=bureau,
            required=frozenset(required),
        )


def _agreed(genesis: str, files: tuple[TrustFile, ...]) -> str:
    if genesis:
        _require_sha256(genesis)
    said = {*(each.genesis for each in files), genesis} - {""}
    if not said:
        raise InvalidDocument(
            "which network is meant was not said: give a trust file, the channel's first block, or its SHA-256; "
            "otherwise a decision on a test network would pass",
            field="genesis",
            reason="is missing",
        )
    if len(said) > 1:
        raise InvalidDocument("two networks are meant: " + " and ".join(sorted(said)), field="genesis",
                              reason="there are two")  # fmt: skip
    return said.pop()


def _require_sha256(genesis: str) -> None:
    if not re.fullmatch(_SHA256, genesis):
        raise InvalidDocument(
            "a network is known by its first block: give the SHA-256 of that block's header, 64 hex digits",
            field="genesis",
            reason="is no SHA-256",
        )


def _all(
    files: tuple[TrustFile, ...], part: Literal["members", "orderers"], named: Iterable[tuple[str, Path]]
) -> Authorities:
    pinned = (entry.authority for each in files for entry in (each.members if part == "members" else each.orderers))
    return Authorities((*pinned, *Authorities.read(named).trusted))


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise _unnamed(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidDocument(f"{path} cannot be read: {error.strerror}", field="trust") from None
    if b"-----BEGIN" in content and content.isascii() and not content.lstrip().startswith(b"{"):
        raise _unnamed(path)  # a block has such text in it, too, but is none
    if len(content) > _LIMIT:
        raise _unreadable(f"{path} is larger than {_LIMIT >> 20} MiB")
    return content


def _unnamed(path: Path) -> NotAuthorized:
    return NotAuthorized(
        f"whose authority {path} is was not said: name the member, as SafeMSP={path}; an authority without a name "
        "could vouch for anybody"
    )


def _unreadable(reason: str) -> InvalidDocument:
    return InvalidDocument(reason, field="trust", reason="is no trust file")
