"""JSON Schemas of papers: what the models ask for, and what their fields mean. Made when they are asked for.

May import the documents; imports no reader.
"""
