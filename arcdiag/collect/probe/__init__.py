"""What the network says, layer by layer, on the agent's own path."""
