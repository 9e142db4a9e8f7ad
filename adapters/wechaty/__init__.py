"""WeChat and WeCom, by way of a Wechaty gateway (a puppet service spoken to over gRPC)."""

from adapters.wechaty.kind import WECHATY

__all__ = ["WECHATY"]
