"""Takes secrets out of what is written and of what is shown."""
