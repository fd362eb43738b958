"""Services that laboratories offer to others."""
