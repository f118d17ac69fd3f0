"""Fabric's messages in google/protobuf/, generated."""
