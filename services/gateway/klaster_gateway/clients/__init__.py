"""The services that composed pages ask, each in the name of the page's caller."""
