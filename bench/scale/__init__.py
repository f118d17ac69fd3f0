"""How far Fabric goes with the contracts: filing, reading, whole loans, beside a ceiling of as many bytes and no rules.

`python -m bench.scale` brings up the consortium, its chaincode servers on this host, and measures part after part. The
ceiling is the official Go SDK with as many transactions of the same size, endorsement and private data, through the
same chaincode servers and a contract that only reads and writes those bytes (`contract`). `python -m bench.model`
computes from the figures what a country needs.
"""
