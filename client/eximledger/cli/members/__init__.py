"""Commands of members among themselves: who they are, what they vote on, the business day, SAFE's supervision."""
