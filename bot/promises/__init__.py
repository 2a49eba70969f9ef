"""Promises to pay on record: who promised what, when he is reminded, how it ended, and how often he was contacted."""
