"""Entities: the organisations of the knowledge base, with identifiers, periods and their life in the register."""
