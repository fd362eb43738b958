"""One-to-one meetings of an edition: asked for, answered, given a slot and a table, held, and what came of them."""
