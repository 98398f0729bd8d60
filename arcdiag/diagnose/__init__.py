"""From hits and facts to causes. Never touches the machine; knows nothing of rendering."""
