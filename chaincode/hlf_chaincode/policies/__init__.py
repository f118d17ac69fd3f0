"""The policy language: who must sign, as text, as a tree, as Fabric's bytes, and as a question.

    EndorsementPolicy.parse("AND('SafeMSP.peer', OR('EximbankMSP.peer','TradebankMSP.peer'))")

The only one in the tree: contracts guard keys with it, the embedded ledger judges by it, the network driver writes
channels and definitions in it. What a consortium file adds (`bank.peer`) is replaced before a text comes here.
"""

from __future__ import annotations

from hlf_chaincode.policies.channel import ChannelPolicy, ImplicitMeta, Share, parse_channel_policy
from hlf_chaincode.policies.endorsement import EndorsementPolicy
from hlf_chaincode.policies.evaluation import MAX_ENDORSER_SETS
from hlf_chaincode.policies.tree import OutOf, Principal, Role, Rule, all_of, any_of, out_of

__all__ = [
    "MAX_ENDORSER_SETS",
    "ChannelPolicy",
    "EndorsementPolicy",
    "ImplicitMeta",
    "OutOf",
    "Principal",
    "Role",
    "Rule",
    "Share",
    "all_of",
    "any_of",
    "out_of",
    "parse_channel_policy",
]
