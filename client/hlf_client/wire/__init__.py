"""What every client of Fabric writes and reads, whoever carries it: messages, blocks, profiles, signatures.

`messages` builds and reads those of a transaction, `blocks` turns blocks into events; `profile` is a connection
profile, `endpoint` a node in it, `timeouts` how long and how often it is called; `refusals` is what peers said when a
call failed; `evidence` checks what others have signed. May import `errors`, `identity` and the ledger interface; the
clients `gateway` and `hfc`, and `eximledger.proof`, import it.
"""
