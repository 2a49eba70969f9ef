"""Negotiations and plans on record: what was offered, agreed, signed and done about it."""
