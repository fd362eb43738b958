"""What each type of problem means, as pages that people can open."""
