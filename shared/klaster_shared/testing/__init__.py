"""What tests need: real databases, real sockets, good tokens. Never imported by a running service."""
