"""The ratings on the customer's page: one statement, however many there are."""

from __future__ import annotations

from typing import Any

from customers.models import Customer
from customers.sections import Section
from staff.models import User
from tickets.models import CsatResponse
from tickets.statuses import SurveyStatus

MOST = 20


def load(people: list[Customer], user: User) -> dict[str, Any] | None:
    """The latest answers in cases the user may see; nothing for who sees no cases."""
    if not user.has_perm("tickets.view_ticket"):
        return None
    answers = CsatResponse.objects.visible_to(user).filter(
        status=SurveyStatus.ANSWERED, ticket__customer__in=people
    )
    return {"ratings": list(answers.select_related("ticket").order_by("-answered_at")[:MOST])}


SECTION = Section("ratings", "tickets/_customer_ratings.html", load, position=40)
