"""The overview of a fleet: what the tables say together, and the page that shows it."""
