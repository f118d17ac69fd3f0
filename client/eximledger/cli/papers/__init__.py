"""Commands of `eximledger document` that take more than a call: filing, and what is attached.

Put into their group by `cli.document`, which alone imports them; they import `cli.frame`.
"""
