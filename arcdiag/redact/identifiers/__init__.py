"""Names and addresses that tell whose machine it is, replaced by tokens that keep kind, class and equality."""
