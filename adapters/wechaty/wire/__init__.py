"""The wire of a Wechaty gateway: its gRPC calls as functions, in both formats that gateways speak (0.x and 1.x)."""
