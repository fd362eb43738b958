"""The lean path: from a request's head to the service that owns it, and its answer back, byte by byte."""
