"""Fabric's messages in peer/, generated."""
