"""Channels: their configuration, genesis blocks, and changes signed by whom the policy asks."""
