"""Entity Reconciliation 0.2 (W3C community group): what OpenRefine and its like ask when they match a column."""
