"""Which services there are, whoever starts them."""

GATEWAY = "gateway"
EVENTS = "events"
# In the order of their local ports.
SERVICES = (GATEWAY, "registry", "indicators", "events")
# Whom each asks; whoever asks a neighbour signs its own tokens.
NEIGHBOURS = {
    GATEWAY: ("registry", "indicators", "events"),
    "indicators": ("registry", "events"),
    "events": ("registry",),
}
SIGNERS = tuple(NEIGHBOURS)
