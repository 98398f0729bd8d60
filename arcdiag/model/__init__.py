"""What the other rooms speak in: frozen dataclasses and enums, no I/O."""
