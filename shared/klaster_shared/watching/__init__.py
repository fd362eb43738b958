"""What a service tells whoever watches it: measures of its database, checks of its health, its private port."""
