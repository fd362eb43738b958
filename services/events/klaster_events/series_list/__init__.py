"""The list of series. It asks which were held, and so stands above both series and events."""
