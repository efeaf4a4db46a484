"""Balie: a service desk in which the contract decides, and everybody can see why."""

__version__ = "0.1.0"
