"""The annual report of the strategy: one HTML document that reads on a screen and prints on paper."""
