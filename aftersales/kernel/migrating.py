"""Creating tables without rendering every other model anew."""

from __future__ import annotations

from django.db import migrations
from django.db.migrations.state import ProjectState


class CreateModel(migrations.CreateModel):
    """Django's operation for a model nobody refers to yet, which a new one is.

    Django renders all models related to a new one again, and nearly all are, through the people who
    wrote them: half a minute for an empty database. Only the new model has to be made; the others
    learn of it as models do at start-up.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)
        if rendered is not None:
            rendered.render_multiple([state.models[app_label, self.name_lower]])
            state.__dict__["apps"] = rendered
