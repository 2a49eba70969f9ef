"""A tiny bot for the engine's tests: a form, two-turn stories, and actions that misbehave."""
