"""Fabric's messages in discovery/, generated."""
