"""Customs' own form (出口货物报关单): the single window's message, and its print as a workbook or as a PDF.

Each becomes rows of the fields that tables of declarations have (`tables`), and those become documents there.
"""
