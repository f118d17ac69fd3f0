"""Fabric's messages in google/, generated."""
