"""Who can see what: secrets planted in the story of two banks, and looked for in everything that every member can get.

`story` plays it through the desk alone and remembers what it planted; `venue` says what a place must offer (a ledger
file here, a network in tests/fabric) and `gathering` takes all of it in the name of each member; `guessing` makes the
hashes that somebody who guesses would try; `forms` are the shapes in which a secret may lie about; `matrix` compares
what was found with `expectation`, from which `page` writes the table of docs/security-model.md. `search` is the search
that once found an invoice's amount in the public state.
"""
