"""Check-in: lists, devices and scans, which may arrive late, twice and in any order."""
