"""Clusters abroad that declare on the board that they are ready to cooperate: kept, and proposed to the registry."""
