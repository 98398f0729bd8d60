"""From bytes to records and hits: decoding, shaping, grammars, the scanner. Knows nothing of causes."""
