"""A toolbox for services: what two of them need already, and no domain word."""
