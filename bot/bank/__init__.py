"""The bank's systems as the assistant sees them: a port, its values, the demo bank and an HTTP adapter."""
