"""What producers and consumers are configured to do: their files turned into settings with places."""
