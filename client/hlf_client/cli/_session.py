"""The options that every command has, and the connections that they describe."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from hlf_client.cli._output import Output
from hlf_client.cli.framing import CommonOptions
from hlf_client.errors import FabricError, InvalidDocument, NotAuthorized

if TYPE_CHECKING:
    from hlf_client.admin import MspSignatory, PeerClient
    from hlf_client.embedded import HostedConsortium
    from hlf_client.identity import Identity
    from hlf_client.ledger import Ledger
    from hlf_client.wire.profile import Profile

__all__ = ["Group", "OutputCommand", "Session", "SessionCommand", "chaincode_option"]

AnswerT = TypeVar("AnswerT")

_COMMON: Final = CommonOptions(frozenset({"--profile", "--as", "--msp", "--consortium"}), frozenset({"--json"}))
AS_JSON: Final = "hlf.json"
"""Where a context keeps whether its errors are JSON, too."""

chaincode_option = click.option(
    "--chaincode",
    "-c",
    envvar="HLF_CHAINCODE",
    show_envvar=True,
    required=True,
    metavar="NAME",
    help="Whose function.",
)


@dataclass(frozen=True, slots=True)
class Session:
    """Who calls which network, and how the answer is to be printed."""

    url: str
    identity: str | None
    msp: Path | None
    hosted: str | None
    output: Output

    def on_ledger(
        self, chaincode: str, work: Callable[[Ledger], Awaitable[AnswerT]], *, admin: bool = False
    ) -> AnswerT:
        """Do a command's work over one connection. With `admin` its user is an administrator unless one is named."""
        from hlf_client import connect
        from hlf_client.gateway import GatewayLedger

        who = self._who(admin)
        consortium = _hosted(self.hosted) if self.hosted else None

        async def connected() -> AnswerT:
            opened = (
                connect(self.url, who, chaincode=chaincode, consortium=consortium)
                if who is None or isinstance(who, str)
                else GatewayLedger.connect(self.profile(), who, chaincode=chaincode)  # the profile may be in a folder
            )
            async with opened as ledger:
                return await work(ledger)

        return asyncio.run(connected())

    def profile(self) -> Profile:
        """The connection profile. Raises `InvalidDocument` for another kind of ledger."""
        from hlf_client import is_profile
        from hlf_client.wire.profile import Profile

        if not is_profile(self.url):
            reason = f"{self.url} is no connection profile: this command speaks to the peers of a network"
            raise InvalidDocument(reason, field="profile", reason="no profile")
        return Profile.find(self.url, (self.identity or "").partition("/")[0])

    def administrator(self) -> MspSignatory:
        """Who signs what an administrator does."""
        from hlf_client.admin import MspSignatory
        from hlf_client.identity import read_identity

        profile = self.profile()
        if self.msp is not None:
            return MspSignatory.of(read_identity(profile.msp_id, self.msp))
        user = (self.identity or "").partition("/")[2]
        return MspSignatory.of(profile.identity(user or _admin_of(profile)))

    def peers(self, names: Sequence[str] = ()) -> list[PeerClient]:
        """The peers of one's own organisation, or those of these names among them; to be closed."""
        from hlf_client.admin import PeerClient

        known = {endpoint.name: endpoint for endpoint in self.profile().endpoints()}
        for name in names:
            if name not in known:
                raise InvalidDocument(f"there is no peer {name}: there are {', '.join(known)}", field="peer")
        return [PeerClient(known[name]) for name in names or known]

    def _who(self, admin: bool) -> Identity | str | None:
        if self.msp is not None:
            from hlf_client.identity import read_identity

            return read_identity(self.profile().msp_id, self.msp)
        if not admin or "/" in (self.identity or ""):
            return self.identity
        profile = self.profile()
        return f"{profile.organization}/{_admin_of(profile)}"


def _admin_of(profile: Profile) -> str:
    """The user of the profile who is an administrator, however its tool spells it."""
    for name in profile.users:
        if name.lower().partition("@")[0] == "admin":
            return name
    known = ", ".join(profile.users) or "none"
    raise NotAuthorized(
        f"the profile of {profile.organization} has no administrator (it has {known}): name --as or --msp"
    )


def _hosted(name: str) -> HostedConsortium:
    """`module:attribute`: what an embedded ledger hosts, or a function that makes it."""
    from hlf_client.embedded import HostedConsortium

    module, colon, attribute = name.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    try:
        found = getattr(importlib.import_module(module), attribute)
        made = found if isinstance(found, HostedConsortium) or not callable(found) else found()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise InvalidDocument(f"--consortium {name}: {error}", field="consortium", reason="cannot be loaded") from None
    finally:
        sys.path.remove(str(Path.cwd()))
    if not colon or not isinstance(made, HostedConsortium):
        reason = "is not MODULE:NAME of a HostedConsortium"
        raise InvalidDocument(f"--consortium {name} {reason}", field="consortium", reason=reason)
    return made


def _connection_options() -> list[click.Option]:
    return [
        click.Option(
            ["--profile", "url"],
            envvar="HLF_PROFILE",
            show_envvar=True,
            metavar="PATH",
            help="The connection profile, a folder of them, or embedded:PATH.",
        ),
        click.Option(
            ["--as", "identity"],
            envvar="HLF_AS",
            show_envvar=True,
            show_default="the profile's own first user",
            metavar="MEMBER[/USER]",
            help="In whose name.",
        ),
        click.Option(
            ["--msp"],
            envvar="HLF_MSP",
            show_envvar=True,
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            metavar="FOLDER",
            help="The MSP folder of a user whom the profile does not name.",
        ),
        click.Option(
            ["--consortium", "hosted"],
            envvar="HLF_CONSORTIUM",
            show_envvar=True,
            metavar="MODULE:NAME",
            help="What an embedded ledger hosts.",
        ),
    ]


def _output_options() -> list[click.Option]:
    return [click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON document on standard output.")]


class OutputCommand(click.Command):
    """A command that needs no network; its function is given an `Output` first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend([*self.own_options(), *_output_options()])

    def own_options(self) -> list[click.Option]:
        """What comes before the options of the output."""
        return []

    def prepared(self, values: dict[str, Any], output: Output) -> object:
        """What the function is given first, of the options' values."""
        return output

    def invoke(self, ctx: click.Context) -> object:
        as_json = bool(ctx.params.pop("as_json"))
        ctx.meta[AS_JSON] = as_json
        ctx.obj = self.prepared(ctx.params, Output(as_json))
        return super().invoke(ctx)


class SessionCommand(OutputCommand):
    """A command with the common options; its function is given a `Session` first."""

    def own_options(self) -> list[click.Option]:
        return _connection_options()

    def prepared(self, values: dict[str, Any], output: Output) -> object:
        url, identity = values.pop("url"), values.pop("identity")
        msp, hosted = values.pop("msp"), values.pop("hosted")
        if not url:
            raise FabricError("which network? Name its connection profile: --profile PATH, or HLF_PROFILE")
        return Session(url, identity, msp, hosted, output)


class Group(click.Group):
    """A group whose commands have the common options, which may stand before their names, too."""

    command_class = SessionCommand

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _COMMON.behind_command(args))
