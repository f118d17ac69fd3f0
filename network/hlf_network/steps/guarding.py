"""What keeps an `up` from harm: it takes over nobody else's ledgers, and leaves nothing running when it fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from hlf_client.errors import FabricError
from hlf_network._session import Session
from hlf_network.errors import NetworkError
from hlf_network.material.layout import write_public

__all__ = ["Undoing", "require_own_ledgers", "undo_on_failure"]

LAST_WORDS: Final = 200
"""Lines of the log of a container that a failed `up` takes away again."""


def require_own_ledgers(session: Session) -> None:
    """Refuse ledgers that another folder's keys began: their peers know none of the certificates made here."""
    consortium, layout = session.consortium, session.layout
    authorities = [layout.organization(owner) / "ca" / "cert.pem" for owner in consortium.here]
    blocks = [layout.block(channel.name) for channel in consortium.channels]
    if any(path.is_file() for path in (*authorities, *blocks)):
        return
    if left := session.engine.volumes():
        raise NetworkError(
            f"The engine holds ledgers of a network {consortium.name} ({left[0]} and {len(left) - 1} more), and "
            f"{layout.root} has no keys for them: use the folder in which it was made, rename the network in "
            f"consortium.yaml, or remove those ledgers with `network down --purge`."
        )


@dataclass
class Undoing:
    """What a failure would take away, and what not."""

    kept: set[str] = field(default_factory=set)
    needed: set[str] = field(default_factory=set)

    def need(self, names: Iterable[str]) -> None:
        """From here on members on other hosts count on these, whether they ran before or not: nodes that are well.
        Where all hosts begin anew, each one's `up` waits for the others: none would come up if the first gave way."""
        self.needed.update(names)

    def keep(self, names: Iterable[str]) -> None:
        """From here on others count on these: servers of a chaincode that a channel may have committed by now."""
        self.kept.update(names)


@contextmanager
def undo_on_failure(session: Session) -> Iterator[Undoing]:
    """When the block fails, remove the containers that were not there before it; their last words are kept. Where
    nothing ran before, all go but those that other hosts need: nobody counts on any."""
    before = {state.name for state in session.engine.containers()}
    undoing = Undoing()
    try:
        yield undoing
    except BaseException:
        try:
            spared = before | undoing.needed | (undoing.kept if before else set())
            made = [state.name for state in session.engine.containers() if state.name not in spared]
            for name in made:
                words = b"".join(session.engine.logs(name, tail=LAST_WORDS))
                write_public(session.layout.failed(name.removeprefix(f"{session.consortium.name}-")), words)
            session.engine.remove(made)
            if not spared:
                session.engine.remove_network()
        except FabricError:
            pass  # the first error is the one to tell
        raise
