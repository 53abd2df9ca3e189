"""The bench: one input for a barcode scanner, everything else by keys, no script needed.

A scan of a return's or parcel's number opens it; a scan of an article of it (SKU, serial number)
receives one piece; a letter grades the piece received last; anything else is goods nobody
announced, recorded on a second Enter.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.errors import DomainError, Text
from aftersales.kernel.refs import in_each_language
from compliance.form_once import post_once
from compliance.idempotency import Answer
from returns.admin.bench_form import InspectForm
from returns.choices import Disposition, Grade
from returns.eligibility.condition import form_for
from returns.models import ReturnAuthorization, ReturnItem, ReturnParcel
from returns.services import inspecting, receiving
from returns.services.inspecting import Look, condition_form
from returns.services.receiving import Found, Receipt
from returns.statuses import AcceptanceStatus, ReceptionStatus, ReturnStatus
from staff.models import User

ON_THE_WAY = (ReceptionStatus.AWAITED, ReceptionStatus.IN_TRANSIT, ReceptionStatus.SHORT)
TO_GRADE = (ReceptionStatus.RECEIVED, ReceptionStatus.WRONG_ITEM)
EXPECTED = (ReturnStatus.AUTHORIZED, ReturnStatus.IN_TRANSIT, ReturnStatus.RECEIVED)


@dataclass(frozen=True, slots=True)
class Key:
    """A letter for a piece that is intact: grade and where it goes."""

    code: str
    label: Text
    grade: Grade
    disposition: Disposition


KEYS = {
    key.code: key
    for key in (
        Key("A", gettext_lazy("As new, back to stock"), Grade.AS_NEW, Disposition.RESTOCK),
        Key("B", gettext_lazy("Opened, back to stock"), Grade.OPENED, Disposition.RESTOCK),
        Key("C", gettext_lazy("Signs of use, refurbish"), Grade.USED, Disposition.REFURBISH),
    )
}
SHORT = "S"


def urls(site: AdminSite) -> list[URLPattern]:
    """Addresses below /admin/returns/returnauthorization/."""
    return [
        path("bench/", site.admin_view(bench_view), name="returns_bench"),
        path("bench/<int:rma_id>/", site.admin_view(bench_view), name="returns_bench_return"),
        path("bench/item/<int:item_id>/", site.admin_view(inspect_view), name="returns_bench_item"),
    ]


def person(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not user.has_perm("returns.receive_returnauthorization"):
        raise PermissionDenied
    return user


def bench_view(request: HttpRequest, rma_id: int = 0) -> HttpResponse:
    """Show the bench (GET) or take a scan (POST)."""
    user = person(request)
    rma = find_return(user, rma_id) if rma_id else None
    if request.method == "POST":
        return scan(request, user, rma, request.POST.get("scan", "").strip())
    items = list(rma.items.select_related("order_line").order_by("pk")) if rma else []
    waiting = ReturnAuthorization.objects.visible_to(user).filter(status__in=EXPECTED)
    context = {
        "rma": rma,
        "items": [ShownItem(item, _gradable(item)) for item in items],
        "unexpected": list(rma.unexpected.all()) if rma else [],
        "unknown": request.GET.get("unknown", "")[:64] if rma else "",
        "last": next((item for item in reversed(items) if _gradable(item)), None),
        "keys": KEYS.values(),
        "waiting": [] if rma else list(waiting.select_related("order")[:25]),
    }
    return render(request, "returns/bench.html", _("Bench"), context)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An expected article."""

    item: ReturnItem
    is_gradable: bool

    @property
    def form_title(self) -> str:
        return form_for(self.item.order_line.category).title


def _gradable(item: ReturnItem) -> bool:
    undecided = item.acceptance_status == AcceptanceStatus.PENDING
    return undecided and item.reception_status in TO_GRADE


def render(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    request.current_app = admin.site.name
    frame = {
        **admin.site.each_context(request),
        "title": title,
        "is_fullwidth": "1",
        "once": request.POST.get("once") or uuid.uuid4().hex,
    }
    return TemplateResponse(request, template, {**frame, **context}, status=status)


def find_return(user: User, rma_id: int) -> ReturnAuthorization:
    rows = ReturnAuthorization.objects.visible_to(user).select_related("order", "policy")
    rma = rows.filter(pk=rma_id).first()
    if rma is None:
        raise Http404
    return rma


def to(rma: ReturnAuthorization | None, query: str = "") -> HttpResponse:
    if rma is None:
        return redirect("admin:returns_bench")
    return redirect(reverse("admin:returns_bench_return", args=[rma.pk]) + query)


def scan(
    request: HttpRequest, user: User, rma: ReturnAuthorization | None, code: str
) -> HttpResponse:
    """What one Enter does; a refusal is told and changes nothing, the same Enter twice is one."""
    found = by_number(user, code)
    if found is not None:
        return to(found)
    if rma is None:
        messages.warning(request, _("No return is expected under “%(code)s”.") % {"code": code})
        return to(None)
    try:
        answer = post_once(
            request, lambda: Answer(302, {"done": in_return(request, user, rma, code)}), actor=user
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return to(rma)
    done = answer.body["done"]
    if done is None:
        return to(rma, f"?unknown={code[:64]}")
    if answer.is_repeated:
        again = _("“%(code)s” came twice from one page and counts once; scan it again for more.")
        messages.warning(request, again % {"code": code})
    else:
        messages.success(request, done)
    return to(rma)


def by_number(user: User, code: str) -> ReturnAuthorization | None:
    """A return by its own number or that of one of its parcels."""
    if not code or len(code) > 64 or not code.isprintable():
        return None
    boxes = ReturnParcel.objects.filter(tracking_number=code).values("rma")
    rows = ReturnAuthorization.objects.visible_to(user)
    return rows.filter(Q(number=code.upper()) | Q(pk__in=boxes)).order_by("-pk").first()


def in_return(request: HttpRequest, user: User, rma: ReturnAuthorization, code: str) -> str | None:
    """Receive, grade or record for an open return; ``None`` for a code nobody knows yet."""
    letter = code.upper()
    items = list(rma.items.select_related("order_line", "rma__policy").order_by("pk"))
    if letter in KEYS:
        return grade(user, items, KEYS[letter])
    if letter == SHORT:
        return rest_is_short(user, rma, items)
    if request.POST.get("unknown") == code:
        receiving.record_unexpected(rma.pk, Found(text=code, code=code), actor=user)
        return _("Recorded as unannounced.")
    for item in items:
        line = item.order_line
        if item.reception_status in ON_THE_WAY and code in (line.sku, line.serial_number):
            serial = code if code == line.serial_number else ""
            receipt = Receipt(item=item.pk, quantity=1, serial_number=serial)
            receiving.receive_items(rma.pk, [receipt], actor=user)
            return _("Received: %(article)s") % {"article": line.name}
    return None


def grade(user: User, items: list[ReturnItem], key: Key) -> str:
    """The piece received last is intact: every question of its form is answered with yes."""
    item = next((one for one in reversed(items) if _gradable(one)), None)
    if item is None:
        return _("Nothing is left to grade.")
    answers = {question.code: True for question in condition_form(item).questions}
    look = Look(answers=answers, grade=key.grade, disposition=key.disposition, decision="accepted")
    inspecting.inspect_item(item.pk, look, actor=user)
    return f"{item.order_line.name}: {key.label}"


def rest_is_short(user: User, rma: ReturnAuthorization, items: list[ReturnItem]) -> str:
    """All that has not arrived is missing in the parcel."""
    on_the_way = (ReceptionStatus.AWAITED, ReceptionStatus.IN_TRANSIT)
    receipts = [
        Receipt(item=item.pk, quantity=item.quantity, status=ReceptionStatus.SHORT)
        for item in items
        if item.reception_status in on_the_way
    ]
    why = in_each_language(lambda: _("Missing in the parcel"))
    receiving.receive_items(rma.pk, receipts, actor=user, note=why)
    return _("The rest is missing in the parcel.")


def inspect_view(request: HttpRequest, item_id: int) -> HttpResponse:
    """The condition form of one item: answers, photos, grade, where it goes, yes or no."""
    user = person(request)
    rows = ReturnItem.objects.visible_to(user).select_related("order_line", "rma__order__shop")
    item = rows.filter(pk=item_id).first()
    if item is None:
        raise Http404
    form = InspectForm(request.POST or None, request.FILES or None, item=item)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answer = post_once(request, lambda: inspect(item, form, user), actor=user)
            except DomainError as refusal:
                at = refusal.field if refusal.field in form.fields else None
                form.add_error(at, str(refusal))
            else:
                once = _("This was sent before; it was done once.")
                messages.success(request, once if answer.is_repeated else _("Inspected."))
                return to(item.rma)
    context = {"item": item, "form": form, "condition": condition_form(item), "rma": item.rma}
    return render(request, "returns/inspect.html", str(item), context, status)


def inspect(item: ReturnItem, form: InspectForm, user: User) -> Answer:
    """The form's look at the article, with its photos."""
    photos = form.cleaned_data["photos"]
    inspecting.inspect_with_photos(item.pk, photos, form.look, actor=user)
    return Answer(302, {})
