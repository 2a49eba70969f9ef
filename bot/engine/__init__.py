"""Rasa embedded in our processes: load a model, run turns in process, hand back what they came to.

Owns everything about driving Rasa. Must not know the database, channels, queues or HTTP.
Importing this package imports no Rasa; ``Engine.load`` does.
"""
