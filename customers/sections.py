"""Parts of the customer's page that upper apps fill: ``load(people, user)``, read as ``section``.

``people`` are the customer and all who were merged into them.
"""

from aftersales.kernel.parts import Part as Section
from aftersales.kernel.parts import Parts

__all__ = ["Section", "register", "shown"]

_sections = Parts()
register, shown = _sections.register, _sections.shown
