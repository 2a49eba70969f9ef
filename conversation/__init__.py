"""The heart: messages, the desk in charge, the journal, turns and the outbox.

Knows nothing of Rasa, of channels or of the agents' console.
"""
