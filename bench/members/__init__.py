"""Many members: what a consortium of 300 banks weighs and takes, on real peers and on the embedded ledger."""
