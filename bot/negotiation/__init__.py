"""PURE: mandate, offers and the talk about repayment (arrives with the negotiation)."""
