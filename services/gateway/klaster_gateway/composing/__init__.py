"""Pages composed of several services: sections side by side, each with its own deadline and its own problem."""
