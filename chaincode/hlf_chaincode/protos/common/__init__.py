"""Fabric's messages in common/, generated."""
