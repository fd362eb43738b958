"""Grants: who represents which entity, said by the office and by nobody's token."""
