"""What all pages behind a link have in common."""
