"""The journal's tables and queries, on SQLite and PostgreSQL. The only SQLAlchemy in conversation/."""
