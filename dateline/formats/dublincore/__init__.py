"""Unqualified Dublin Core (ISO 15836-1), as OAI-PMH carries it."""
