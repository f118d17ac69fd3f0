"""Channels: their configuration, genesis blocks, what orderers join, and changes signed by whom the policy asks."""
