"""What is attached to papers: files that are kept and shown, and never read as data.

Imported by contracts and by the client; imports `documents.parts`.
"""
