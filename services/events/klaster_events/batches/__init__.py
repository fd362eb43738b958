"""Many events, and many sheets, in one request: what an office brings in from before it had this system."""
