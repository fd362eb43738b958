"""The registry service: the regional knowledge base (RBW) of a cluster's organisations."""
