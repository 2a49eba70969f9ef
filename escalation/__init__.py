"""The desk where people pick up what the bot hands over: queue, agents, console."""
