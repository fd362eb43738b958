"""The showcase: results of projects that are being promoted, who looked, and who asked for a contact."""
