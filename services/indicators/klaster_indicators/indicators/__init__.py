"""Indicators and their measures: who they are for ever, and what each edition says of them."""
