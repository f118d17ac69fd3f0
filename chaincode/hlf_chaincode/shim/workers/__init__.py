"""Contracts in processes of their own, beside the one that holds the peers' streams.

`crew`, `link` and `forking` are the server's side; `nursery` is a process that loads the chaincode and forks workers,
`process` what runs in each; `frames` is what they say to one another. Only `shim.server` imports from here, and workers
import no gRPC.
"""
