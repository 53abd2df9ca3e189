"""A gateway of our own for tests and demo: real HTTP, real signatures, its own books."""

from returns.gateways.sandbox.client import Sandbox

__all__ = ["Sandbox"]
