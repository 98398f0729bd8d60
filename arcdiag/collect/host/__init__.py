"""What the machine says of itself, behind one adapter per operating system."""
