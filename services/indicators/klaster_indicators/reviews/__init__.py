"""Reviews of the strategy by the council: a decision for each goal; corrections flow into a draft."""
