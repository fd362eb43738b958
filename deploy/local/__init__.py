"""The local runner: the four services as processes of one machine, started, watched and stopped by one command."""
