"""`make mutants`: the lending core and the contracts' checks, changed in one place at a time; a test has to notice.

Own operators and an own runner: mutmut passes decorated functions over (all transactions are), cosmic-ray takes out no
statement (a `require_...`) and starts Python and the suite's imports anew for each mutant.
"""
