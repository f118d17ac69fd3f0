"""`python -m eximledger`: the command line where its script is not on the path."""

from eximledger.cli import main

main()
