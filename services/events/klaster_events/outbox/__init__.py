"""The outbox: what people are to be told, written in the transaction that gives the reason. No sending here."""
