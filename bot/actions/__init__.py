"""Rasa custom actions: thin. Read what was understood, ask a service, name a response.

Flat on purpose: rasa-sdk imports sub-packages under their bare names.
"""
