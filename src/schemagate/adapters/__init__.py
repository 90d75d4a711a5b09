"""The world outside, each module hiding one library or system: git, files, the CI system."""
