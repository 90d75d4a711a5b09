"""The page with the pictures: every subject's past, in one file that needs nothing else."""
