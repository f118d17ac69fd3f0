"""Commands of `eximledger loan`, one module for each part of a loan's life.

Put into their group by `cli.loan`, which alone imports them; they import `cli.frame`.
"""
