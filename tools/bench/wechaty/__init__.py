"""How many messages a real Wechaty gateway and the adapter bear."""
