"""`python -m eximledger_chaincode`: the server of `hlf_chaincode` with the exim chaincode where no other is named."""

from __future__ import annotations

import os
import sys

from hlf_chaincode.__main__ import main

if __name__ == "__main__":
    os.environ.setdefault("CHAINCODE_FACTORY", "eximledger_chaincode.contracts:exim")
    sys.exit(main())
