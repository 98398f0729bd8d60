"""Two reports held against each other: what is new, gone, changed, or no longer looked at."""
