"""Series: what kind of programme several events belong to."""
