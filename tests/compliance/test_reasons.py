"""Why a setting or a person's roles were changed: asked on the page, kept in the trail."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import translation

from aftersales.kernel.admin import DeskAdmin, ReadOnlyAdmin, ReasonForm
from aftersales.kernel.audited import AuditedModel
from compliance.describe import describe
from compliance.models import AuditEvent
from returns.models import ApprovalTier, Compensation, ReturnPolicy
from staff.models import User
from staff.roles import Role
from tests.compliance.trail import browser, entries, last_entry
from tests.factories.money import ensure_tiers
from tests.factories.people import make_user
from tests.factories.returns import make_policy
from tickets.models import Category, Macro

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return browser(make_user(Role.ADMINISTRATOR))


def change(client: Client, obj: models.Model, **values: Any) -> Any:
    """Save the object's page as it was shown, but for ``values``."""
    url = reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])
    shown: dict[str, Any] = {}
    for field in client.get(url).context["adminform"].form:
        value = field.value()
        if value is not None and value is not False:
            shown[field.html_name] = value
    return client.post(url, shown | values)


def reason_of(obj: models.Model) -> tuple[str, str]:
    """What history and journal keep of the latest change."""
    latest = obj.history.latest("history_id")  # type: ignore[attr-defined]
    return latest.history_change_reason, last_entry(obj).reason


def test_every_page_that_changes_an_audited_row_asks_why() -> None:
    pages = [
        (model, page)
        for model, page in admin.site._registry.items()
        if isinstance(page, DeskAdmin) and not isinstance(page, ReadOnlyAdmin)
    ]
    silent = {
        model._meta.label
        for model, page in pages
        if issubclass(model, AuditedModel) and not issubclass(page.form, ReasonForm)
    }

    assert len(pages) == 18
    assert silent == set()


def test_a_reason_is_kept_and_shown_in_the_trail(administrator: Client, auditor: Client) -> None:
    category = Category.objects.create(path="size", name="Size", name_zh="尺码")
    named = {"name": "Sizes", "change_reason": "  plural, as the others "}

    assert change(administrator, category, **named).status_code == 302

    assert reason_of(category) == ("plural, as the others", "plural, as the others")
    entry = last_entry(category)
    assert entry.changed == ["name"]
    page = auditor.get(reverse("admin:compliance_journalentry_changelist")).content.decode()
    assert "plural, as the others" in page
    found = auditor.get(
        reverse("admin:compliance_journalentry_changelist"), {"reason": "plural"}
    ).context["rows"]
    assert [one.entry.pk for one in found] == [entry.pk]


def test_a_setting_without_money_needs_no_reason(administrator: Client) -> None:
    macro = Macro.objects.create(name="Ask", name_zh="询问", visibility="all")

    assert change(administrator, macro, name="Ask again").status_code == 302

    macro.refresh_from_db()
    assert (macro.name, reason_of(macro)) == ("Ask again", ("", ""))


def compensation() -> Compensation:
    return Compensation.objects.create(
        code="voucher",
        name="Voucher",
        name_zh="代金券",
        means="coupon",
        currency="CNY",
        most="20.00",
        customer_cap="50.00",
        budget="1000.00",
        period_days=30,
    )


def tier() -> ApprovalTier:
    ensure_tiers()
    found: ApprovalTier = ApprovalTier.objects.order_by("pk")[0]
    return found


@pytest.mark.parametrize(
    ("make", "values"),
    [(tier, {"name": "Other"}), (compensation, {"most": "40.00"})],
    ids=["tier", "compensation"],
)
@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Say why (at least 4 characters)."), ("zh-hans", "请说明原因（至少4个字符）。")],
)
def test_limits_of_money_are_not_changed_without_a_reason(
    make: Any, values: dict[str, str], language: str, told: str
) -> None:
    obj, client = make(), Client(headers={"accept-language": language})
    client.force_login(make_user(Role.ADMINISTRATOR))
    before = len(entries(obj))

    refused = change(client, obj, **values, change_reason="ok")

    assert refused.status_code == 200
    assert list(refused.context["adminform"].form.errors) == ["change_reason"]
    assert told in refused.content.decode()
    assert len(entries(obj)) == before
    assert change(client, obj, **values, change_reason="new budget").status_code == 302
    assert reason_of(obj) == ("new budget", "new budget")


def test_roles_are_not_changed_without_a_reason(administrator: Client) -> None:
    user = make_user()
    roles = [Role.AGENT, Role.LEAD]

    refused = change(administrator, user, roles=roles)

    assert refused.context["adminform"].form.errors == {
        "change_reason": ["Say why (at least 4 characters)."]
    }
    assert User.objects.get(pk=user.pk).roles == [Role.AGENT]
    assert not AuditEvent.objects.filter(code="staff.user_changed").exists()

    assert change(administrator, user, roles=roles, change_reason="leads now").status_code == 302
    assert User.objects.get(pk=user.pk).roles == roles
    assert reason_of(user) == ("leads now", "leads now")
    assert AuditEvent.objects.get(code="staff.user_changed").note == "leads now"
    with translation.override("zh-hans"):
        (told,) = describe([last_entry(user)])
    assert [(one.old, one.new) for one in told.fields] == [("客服专员", "客服专员, 部门主管")]


def test_other_facts_of_a_person_need_no_reason(administrator: Client) -> None:
    user = make_user()

    assert change(administrator, user, capacity="30").status_code == 302

    assert User.objects.get(pk=user.pk).capacity == 30
    assert reason_of(user) == ("", "")


def test_who_only_reads_is_not_asked(auditor: Client) -> None:
    category = Category.objects.create(path="size", name="Size", name_zh="尺码")

    page = auditor.get(reverse("admin:tickets_category_change", args=[category.pk]))

    assert page.status_code == 200
    assert "change_reason" not in page.content.decode()


def test_next_version_of_a_promise_needs_a_reason(administrator: Client) -> None:
    policy = make_policy(window_days=7)

    refused = change(administrator, policy, window_days="10", change_reason="no")

    assert list(refused.context["adminform"].form.errors) == ["change_reason"]
    assert refused.content.decode().count('name="change_reason"') == 1
    assert ReturnPolicy.objects.get() == policy

    assert (
        change(administrator, policy, window_days="10", change_reason="spring").status_code == 302
    )
    newest = ReturnPolicy.objects.get(is_current=True)
    assert (newest.version, newest.window_days) == (2, 10)
    assert AuditEvent.objects.filter(code="returns.policy_written").latest("pk").note == "spring"
