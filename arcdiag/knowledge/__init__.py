"""The rules: loading, validation and the pattern language. Knows nothing of logs or probes."""
