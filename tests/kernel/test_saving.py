"""A save of our own beside Django's: the usual ones go the shorter way, and both write the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models.signals import post_save, pre_save
from django.db.transaction import TransactionManagementError

from aftersales.kernel.audited import AuditedModel
from aftersales.kernel.clock import now
from aftersales.kernel.saving import CompiledSave
from compliance.models import JournalEntry
from customers.models import Customer
from staff.models import User
from tests.compliance.trail import last_entry
from tests.factories.people import make_user
from tests.factories.tickets import make_customer, make_ticket
from tickets.models import Message, Tag, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def djangos_own(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts the saves that go Django's way."""
    seen: list[str] = []
    own = models.Model.save_base

    def heard(self: models.Model, *args: Any, **kwargs: Any) -> None:
        seen.append(type(self).__name__)
        own(self, *args, **kwargs)

    monkeypatch.setattr(models.Model, "save_base", heard)
    return seen


def test_new_rows_and_named_columns_go_the_shorter_way(djangos_own: list[str]) -> None:
    tag = Tag.objects.create(slug="torn")
    tag.is_active = False
    tag.save(update_fields=["is_active"])

    assert djangos_own == []
    assert tag == Tag.objects.get(slug="torn", is_active=False)
    assert [row.history_type for row in tag.history.order_by("history_id")] == ["+", "~"]


def test_whole_row_and_row_under_a_key_of_its_own_go_djangos(djangos_own: list[str]) -> None:
    tag = Tag.objects.create(slug="torn")
    tag.save()
    Tag(pk=tag.pk + 1000, slug="late").save()

    assert djangos_own == ["Tag", "Tag"]
    signed = JournalEntry.objects.filter(table_name=Tag._meta.db_table).order_by("id")
    assert [(row.operation, row.is_signed) for row in signed] == [
        ("insert", True), ("update", True), ("insert", True),
    ]  # fmt: skip


def test_listener_to_saves_is_not_passed_by(djangos_own: list[str]) -> None:
    heard: list[bool] = []

    def listen(created: bool, **_others: Any) -> None:
        heard.append(created)

    post_save.connect(listen, sender=Tag)
    try:
        Tag.objects.create(slug="torn")
    finally:
        post_save.disconnect(listen, sender=Tag)

    assert (heard, djangos_own) == ([True], ["Tag"])


def test_nobody_listens_to_saves_so_that_all_go_the_shorter_way() -> None:
    ours = [model for model in apps.get_models() if issubclass(model, CompiledSave)]
    heard = [m for m in ours if pre_save.has_listeners(m) or post_save.has_listeners(m)]

    assert len([model for model in ours if issubclass(model, AuditedModel)]) > 20
    assert heard == []


@pytest.mark.parametrize("names", [["assignee", "subject"], ["subject", "assignee_id"]])
def test_columns_are_named_by_field_or_attribute_and_no_other_is_written(names: list[str]) -> None:
    ticket = make_ticket()
    ticket.subject, ticket.assignee, ticket.language = "Torn", ticket.created_by, "en"

    ticket.save(update_fields=names)

    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.subject, stored.assignee, stored.language) == (
        "Torn", ticket.created_by, make_ticket().language,
    )  # fmt: skip


def test_unknown_column_and_key_are_refused_as_by_django() -> None:
    customer = make_customer()
    for name in ("shoe_size", "id"):
        with pytest.raises(ValueError, match=name):
            customer.save(update_fields=[name])


def test_row_that_is_gone_is_an_error_and_signs_nothing() -> None:
    tag = Tag.objects.create(slug="torn")
    Tag.objects.filter(pk=tag.pk).delete()

    with pytest.raises(DatabaseError, match="did not affect any rows"):
        tag._change(frozenset(["slug"]))  # without what makes an error spoil the transaction

    assert [row.history_type for row in Tag.history.order_by("history_id")] == ["+", "-"]
    other = Tag.objects.create(slug="late")
    Tag.objects.filter(pk=other.pk).update(is_active=False)
    assert not last_entry(other).is_signed


def test_refusal_by_the_database_spoils_the_transaction() -> None:
    Tag.objects.create(slug="torn")

    with transaction.atomic():
        with pytest.raises(IntegrityError):
            Tag.objects.create(slug="torn")
        with pytest.raises(TransactionManagementError):
            Tag.objects.count()


def test_save_of_a_class_in_between_is_not_passed_by() -> None:
    user = make_user()
    user.set_password("another-4711")
    assert user._password == "another-4711"

    user.save(update_fields=["password"])

    assert user._password is None  # forgotten by the save of Django's own user
    assert User.objects.get(pk=user.pk).check_password("another-4711")


def test_related_row_that_was_never_saved_is_named() -> None:
    message = Message(ticket=Ticket(), kind="note", created_at=now(), effective_at=now())

    with pytest.raises(ValueError, match="unsaved related object 'ticket'"):
        message.save()


def test_moment_without_a_time_zone_and_an_expression_are_refused() -> None:
    customer = make_customer()
    customer.created_at = datetime(2026, 1, 1)  # noqa: DTZ001 -- what is refused
    with pytest.raises(ValueError, match="no time zone"), transaction.atomic():
        customer.save(update_fields=["created_at"])
    customer.name = models.F("region")
    with pytest.raises(ValueError, match="must be a value"), transaction.atomic():
        customer.save(update_fields=["name"])

    assert Customer.objects.get(pk=customer.pk).name != customer.region
