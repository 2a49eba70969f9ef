"""PURE but for the mandate's file: what the bank lets the bot offer, what an offer costs, and how it is found."""
