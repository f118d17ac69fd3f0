"""Channels: their configuration, genesis blocks, joining, and changes signed by those whom the policy asks."""
