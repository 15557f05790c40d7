"""Parley runs a negotiated prisoner exchange between two parties who do not trust each other."""

__version__ = "0.1.0"
