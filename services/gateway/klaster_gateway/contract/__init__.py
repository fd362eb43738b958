"""The one contract: merged from the services' own when it is built, read and shown when the gateway runs."""
