"""A seeded adversary: everybody's random calls, legal and illegal, and a judge that believes no contract.

    people   who there is: members, persons with several certificates, roles, and clocks that are off
    chain    what was committed, as blocks say it, of either ledger
    claims   what may be lent against (design: the open claim), computed anew from what was committed
    hidden   what blocks hide: whose collections are, and what sealed positions say
    judge    what must hold of every committed transaction
    world    the play's state: calls, kills, the clock, what the players know
    filing   moves of customs, SAFE and the banks' paper clerks
    holding  moves of a bank that keeps what was endorsed
    hostile  moves of those who want to know, or to change, what is not theirs
    lending  moves of loan officers, of policies and business days
    play     an episode of moves from one seed

`claims`, `hidden` and `judge` import nothing of `eximledger_chaincode`: they read what stands in blocks as JSON.
"""
