"""Packing loans: what may be lent before shipment, and what such a loan becomes when the goods are declared.

May import what stands beside it in `lending`, but loans and their steps; these import it.
"""
