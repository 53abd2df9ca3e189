"""Guards of money that the database keeps, declared on the models and created by migration."""

from __future__ import annotations

import pgtrigger

from aftersales.kernel.journal import AlwaysTrigger


class RowGuard(AlwaysTrigger):
    """Calls the function ``desk_<name>`` before rows are added, changed or removed."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, name: str) -> None:
        self.call = f"desk_{name}()"
        super().__init__(name=name)
