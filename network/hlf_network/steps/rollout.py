"""All chaincodes of a consortium deployed: planned, served, settled on their channels, old servers retired."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from hlf_network._session import Session
from hlf_network.consortium import Consortium
from hlf_network.engine.docker import wait_until_listening
from hlf_network.engine.nodes import CHAINCODE_PORT
from hlf_network.material.layout import Layout
from hlf_network.progress import in_parallel
from hlf_network.steps.deployment import (
    Deployment,
    Plan,
    Settled,
    install_packages,
    plan_deployment,
    record_of,
    recorded,
    retire_old_servers,
    served_by_all,
    settle_channels,
)
from hlf_network.steps.founding import founding_of
from hlf_network.steps.guarding import Undoing

__all__ = ["deployed_so_far", "plans_of", "roll_out"]


def deployed_so_far(consortium: Consortium, layout: Layout) -> list[Deployment | None]:
    """The last deployment of each chaincode."""
    return [recorded(layout, record_of(consortium, layout, chaincode)) for chaincode in consortium.all_chaincodes]


def plans_of(session: Session, *, keep: bool = False) -> list[Plan]:
    """Each chaincode's deployment; with `keep` the last one again, where there was one."""
    chaincodes, before = session.consortium.all_chaincodes, deployed_so_far(session.consortium, session.layout)
    return [
        plan_deployment(session, chaincode, keep=last if keep else None)
        for chaincode, last in zip(chaincodes, before, strict=True)
    ]


def roll_out(session: Session, plans: Sequence[Plan], undoing: Undoing | None = None) -> list[str]:
    """Install, approve and commit what is planned, its servers running already; what was changed, in words.

    Cut off before it approves, the servers that were started for it are of no use; afterwards a channel may have
    committed what they serve, and they stay.
    """
    changes, is_settled = list[str](), True
    with session.recorder.step("chaincode servers listening"):
        servers = [container for plan in plans for container in plan.containers]
        in_parallel([partial(wait_until_listening, session.engine, one, CHAINCODE_PORT) for one in servers])
    for plan in plans:
        told, is_everywhere = _settle(session, plan, undoing or Undoing())
        changes += told
        is_settled = is_settled and is_everywhere
    if is_settled:  # else the old servers are still needed
        changes += [f"{name} retired" for name in retire_old_servers(session, plans)]
    return changes


def _settle(session: Session, plan: Plan, undoing: Undoing) -> tuple[list[str], bool]:
    """What was done of one chaincode's deployment, and whether all its channels have it now."""
    chaincode, changes = plan.chaincode, list[str]()
    with session.recorder.step("chaincode installed"):
        if installed := install_packages(session, plan):
            changes.append(f"chaincode installed on {installed} peers")
    undoing.keep(container.name for container in plan.containers)
    record = record_of(session.consortium, session.layout, chaincode)
    before = recorded(session.layout, record)
    if before is not None and before != plan.deployment:
        plan.deployment.save(record)  # an `up` after a kill goes on with it, and not back to the build before
    with session.recorder.step("chaincode committed"):
        settled = settle_channels(session, chaincode, plan.deployment)
        changes += [_told(plan, one) for one in settled if one.is_new]
    if before is None:
        plan.deployment.save(record)
    if chaincode.founding and plan.containers:
        with session.recorder.step("state founded"):
            channels = served_by_all(session, chaincode)
            changes += founding_of(chaincode.founding)(session, chaincode, channels)
    return changes, all(one.is_committed for one in settled)


def _told(plan: Plan, settled: Settled) -> str:
    what = f"{plan.chaincode.name} {plan.deployment.version}"
    if settled.is_committed:
        return f"{what} committed on {settled.channel}"
    missing = f"{', '.join(settled.missing)} not yet" if settled.missing else "those that have do not all answer"
    return f"{what} approved on {settled.channel}, not committed: {missing}"
