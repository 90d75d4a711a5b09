"""Configuration files of producers and consumers, read for what they say to a registry."""
