"""The strategy as a document: what it may say, how it is read, what in it must agree; no tables, no HTTP."""
