"""What the staff app records."""

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from compliance import events, finding_types, personal, wording
from compliance.events import EventType
from staff.models import NoticePreference, User
from staff.queries import lead_answering_for
from staff.roles import Role

EVENTS = (
    EventType("staff.user_created", _("User created"), on_timeline=False),
    EventType("staff.user_changed", _("User changed"), on_timeline=False),
    EventType("staff.password_set", _("Password set"), on_timeline=False),
    EventType("staff.user_deactivated", _("User deactivated"), on_timeline=False),
    EventType("staff.user_reactivated", _("User reactivated"), on_timeline=False),
    EventType("staff.token_issued", _("API token issued"), on_timeline=False),
    EventType("staff.token_revoked", _("API token revoked"), on_timeline=False),
    EventType("staff.wishes_changed", _("Wishes for notices changed"), on_timeline=False),
    EventType("staff.notice_parked", _("Notice could not be sent"), on_timeline=False),
    EventType("staff.notice_retried", _("Notice sent again"), on_timeline=False),
    EventType("staff.chat_changed", _("Chat group changed"), on_timeline=False),
    EventType("staff.chat_tried", _("Chat group tried out"), on_timeline=False),
)


def columns_of(model: type[models.Model]) -> wording.EventWords:
    """The columns an event names, by what people call them."""

    def words(data: wording.Row) -> str:
        return ", ".join(
            capfirst(str(model._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            for name in data["fields"]
        )

    return words


def register() -> None:
    events.register(EVENTS)
    wording.register_event("staff.user_changed", columns_of(User))
    wording.register_event("staff.wishes_changed", columns_of(NoticePreference))
    wording.register("clocks.escalationstep", role=wording.labelled(Role.choices))
    personal.register("staff.chattarget", url="secret")
    finding_types.register_owner(lead_answering_for)
