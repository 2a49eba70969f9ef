"""The agents' API and page."""
