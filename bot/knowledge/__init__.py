"""Answers: read from files operations staff edit, filled with the products' figures, versioned."""
