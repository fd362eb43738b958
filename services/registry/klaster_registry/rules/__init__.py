"""The rules that the register keeps or reports: the strategy's own, and what imported data can break."""
