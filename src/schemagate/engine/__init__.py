"""Judges lineages and documents: rules in, one finding a cause out."""
