"""Who can see what: secrets planted in the story of two banks, and looked for in everything that every member can get.

`planted` plays the story through the desk alone and remembers what it planted; `places` says what a place must offer:
a ledger file, or a network of real peers. `looking` takes all that is there in the name of each member, makes the
hashes that somebody who guesses would try, and finds a secret in whatever shape. `matrix` compares what was found with
`expectation`, from which `page` writes the table of docs/security-model.md.
"""
