"""Agents and their sessions in the database. The only SQLAlchemy in escalation/."""
