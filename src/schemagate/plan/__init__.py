"""What would bring a registry to the repository's state: decided from values alone."""
