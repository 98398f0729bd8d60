"""Opens what people hand over as a case, and writes bundles."""
