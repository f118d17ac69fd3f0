"""What each peer behind a gateway said when a call failed: ErrorDetails in the google.rpc.Status of gRPC's trailer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from google.protobuf.message import DecodeError

from hlf_chaincode.protos.gateway.gateway_pb2 import ErrorDetail
from hlf_client.errors import PeerRefusal

if TYPE_CHECKING:
    import grpc
    from google.rpc.status_pb2 import Status

__all__ = ["RpcFailure", "refusals"]


class RpcFailure(Protocol):
    """What gRPC raises, asyncio's and the blocking one."""

    def code(self) -> grpc.StatusCode: ...

    def details(self) -> str | None: ...

    def trailing_metadata(self) -> object: ...


def refusals(error: RpcFailure) -> tuple[PeerRefusal, ...]:
    """Each peer's refusal; none where they cannot be read, or the status is another than gRPC's own."""
    from grpc_status import rpc_status  # at the first failure, not at import

    try:
        status = cast("Status | None", rpc_status.from_call(cast("grpc.Call", error)))
        return () if status is None else _refusals(status)
    except (ValueError, DecodeError):  # ValueError where its code or message is not the call's
        return ()


def _refusals(status: Status) -> tuple[PeerRefusal, ...]:
    found = []
    for each in status.details:
        detail = ErrorDetail()
        if each.Unpack(detail):
            found.append(PeerRefusal(detail.address, detail.msp_id, detail.message))
    return tuple(found)
