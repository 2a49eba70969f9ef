"""The database schema of the whole program, versioned with Alembic."""
