"""Panels of the case page that upper apps fill: ``load(ticket, user)``, read as ``panel``."""

from aftersales.kernel.parts import Part as Panel
from aftersales.kernel.parts import Parts

__all__ = ["Panel", "register", "shown"]

_panels = Parts()
register, shown = _panels.register, _panels.shown
