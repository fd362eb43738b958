"""Life-science fields: codes of a taxonomy, asked which of them documents cover."""
