"""Parts of the customer's status page that upper apps fill: ``load(ticket)``, read as ``section``.

Their forms post to addresses of the app's own, views decorated with ``pages.customer_page``.
"""

from aftersales.kernel.parts import Part as Section
from aftersales.kernel.parts import Parts

__all__ = ["Section", "register", "shown"]

_sections = Parts()
register, shown = _sections.register, _sections.shown
