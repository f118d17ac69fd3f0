"""Rules that hold what is drawn under a letter of credit against its terms (UCP 600).

Silent where a case has no credit: then the sibling rules on contracts and transport documents speak alone. Imported by
`reconciliation`; imports `basis` and `ruleset`.
"""
