"""Fabric's messages in gossip/, generated."""
