"""Interest in posts of the board: shown with a message, and names for both sides once both agree."""
