"""Channels: each verifies, parses and sends; none knows the bot or the desk."""
