"""The case page and everything posted from it: parse, call one service, go back to the page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from aftersales.kernel.errors import DomainError, require
from aftersales.kernel.prepared import prepared
from compliance.form_once import post_once
from compliance.idempotency import Answer
from customers.policies import can_see_personal_data
from staff.models import User
from tickets.admin import case_files
from tickets.admin.case_actions import Act, Verb
from tickets.admin.case_panels import case_url, panel_context, verb_url
from tickets.admin.case_verbs_all import VERBS
from tickets.choices import LinkKind
from tickets.forms import DraftForm, ReasonForm, VerbForm
from tickets.models import Ticket, TicketLink
from tickets.queries.case import load_case, visible_case
from tickets.queries.listing import neighbour, place_of
from tickets.queries.neighbours import newest_message_id, others_present
from tickets.queries.tools import colleagues_of, tools_for
from tickets.services.conversation import save_draft, see_mentions, touch_presence
from tickets.services.disclosing import disclose_case
from tickets.services.macros import Prepared
from tickets.services.shared import mail_address

# Sent by the page's own script: answers are parts of a page, not whole ones.
PART = "X-Desk-Part"
NOT_NOW = gettext_lazy("You may not do this, or not any more: load the case again.")
View = Callable[..., HttpResponse]


def case_urls(admin_site: AdminSite) -> list[URLPattern]:
    """Addresses below /admin/tickets/ticket/ that belong to the case page."""

    def at(tail: str, view: View, name: str) -> URLPattern:
        return path(f"<str:number>/{tail}", admin_site.admin_view(view), name=name)

    return [
        at("do/<slug:code>/", do_view, "tickets_ticket_do"),
        at("draft/", draft_view, "tickets_ticket_draft"),
        at("presence/", presence_view, "tickets_ticket_presence"),
        at("tools/", tools_view, "tickets_ticket_tools"),
        at("people/", people_view, "tickets_ticket_people"),
        at("personal-data/", personal_data_view, "tickets_ticket_personal_data"),
        at("go/<slug:way>/", go_view, "tickets_ticket_go"),
        at("file/<int:pk>/", require_GET(case_files.download), "tickets_ticket_file"),
        at("thumbnail/<int:pk>/", require_GET(case_files.thumbnail), "tickets_ticket_thumbnail"),
    ]


def person(request: HttpRequest) -> User:
    return cast(User, request.user)


def case_view(request: HttpRequest, number: str) -> HttpResponse:
    """One case by its number."""
    return render_case(request, number)


def render_case(
    request: HttpRequest,
    number: str,
    *,
    verb: Verb | None = None,
    form: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The page; after a refused attempt with its form, what was typed and why it was refused."""
    user = person(request)
    with prepared():
        try:
            page = load_case(number, user)
        except Ticket.DoesNotExist:
            raise Http404 from None
        if page.has_mention:
            see_mentions(page.ticket.pk, actor=user)
        context = panel_context(page, user, verb=verb, form=form, query=request.GET)
        context["place"] = place_of(page.ticket)
    return render(request, "page.html", status, title=f"{number} {page.ticket.subject}", **context)


def render(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    request.current_app = admin.site.name
    return TemplateResponse(
        request,
        f"tickets/case/{template}",
        {
            **admin.site.each_context(request),
            "is_fullwidth": "1",
            **context,
        },
        status=status,
    )


def find_case(user: User, number: str) -> Ticket:
    ticket = visible_case(user).filter(number=number).first()
    if ticket is None:
        raise Http404
    return ticket


def do_view(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Ask for what a verb needs (GET) or do it (POST)."""
    verb, user = VERBS.get(code), person(request)
    if verb is None:
        raise Http404
    ticket = find_case(user, number)
    target = find_target(request, verb, ticket)
    posted = request.method == "POST"
    given = (request.POST, request.FILES) if posted else ()
    form = verb.form(*given, ticket=ticket, actor=user, row=target, query=request.GET.dict())
    try:
        require(verb.may(user, ticket), NOT_NOW)
        if not posted:
            return ask(request, verb, form, target)
        if not form.is_valid():
            return refuse(request, verb, form, target, 422)
        act = Act(ticket, user, form.cleaned_data, target)
        answer = perform(request, verb, act)
    except DomainError as refusal:
        form.tell(refusal)
        return refuse(request, verb, form, target, refusal.status_code)
    except ObjectDoesNotExist:
        raise Http404 from None
    if answer.is_repeated:
        messages.info(request, _("This was sent before; it was done once."))
    else:
        say_what_was_done(request, verb, act)
    return leave(request, answer.body["url"])


def say_what_was_done(request: HttpRequest, verb: Verb, act: Act) -> None:
    if verb.tells and not mail_address(act.ticket):
        messages.warning(
            request,
            _("Written down, but not sent: this customer has no mail address. Tell them yourself."),
        )
        return
    messages.success(request, verb.done(act) if callable(verb.done) else str(verb.done))
    if verb.doubt and (doubt := verb.doubt(act)):
        messages.warning(request, doubt)


def find_target(request: HttpRequest, verb: Verb, ticket: Ticket) -> int:
    """The row a verb is about; 404 unless it belongs to this case or one merged into it."""
    given = request.POST.get("row") or request.GET.get("row") or ""
    if verb.model is None:
        return 0
    if not given.isdecimal() or len(given) > 18:
        raise Http404
    links = TicketLink.objects.filter(canceled_at=None)
    if verb.model is TicketLink:
        found = links.filter(Q(ticket=ticket) | Q(target=ticket), pk=given)
    else:
        merged = links.filter(target=ticket, kind=LinkKind.MERGED).values("ticket")
        found = verb.model._default_manager.filter(  # type: ignore[assignment]
            Q(ticket=ticket) | Q(ticket__in=merged), pk=given
        )
    if not found.exists():
        raise Http404
    return int(given)


def perform(request: HttpRequest, verb: Verb, act: Act) -> Answer:
    """The verb with all that belongs to it, or nothing; the same form sent twice does it once."""

    def run() -> Answer:
        return Answer(302, {"url": destination(verb, act, verb.run(act))})

    return post_once(request, run, actor=act.actor)


def ask(request: HttpRequest, verb: Verb, form: VerbForm, target: int) -> HttpResponse:
    """The form of a verb as a page, or as the inside of a dialog."""
    if verb.tab:
        return redirect(f"{case_url(form.ticket.number)}?tab={verb.code}")
    return render_form(request, verb, form, target, 200)


def refuse(
    request: HttpRequest, verb: Verb, form: VerbForm, target: int, status: int
) -> HttpResponse:
    """Show again what was typed, with the reason at the field."""
    if (verb.tab or verb.is_direct) and not request.headers.get(PART):
        return render_case(request, form.ticket.number, verb=verb, form=form, status=status)
    return render_form(request, verb, form, target, status)


def render_form(
    request: HttpRequest, verb: Verb, form: VerbForm, target: int, status: int
) -> HttpResponse:
    template = "_form.html" if request.headers.get(PART) else "form.html"
    return render(
        request,
        template,
        status,
        title=str(verb.label).rstrip("…"),
        ticket=form.ticket,
        verb=verb,
        form=form,
        row=target,
        may=verb.may(person(request), form.ticket),
        action=verb_url(form.ticket.number, verb.code),
        back=case_url(form.ticket.number),
        once=request.POST.get("once") or uuid.uuid4().hex,
    )


def destination(verb: Verb, act: Act, result: object) -> str:
    """Where to go afterwards: the case itself, or where the verb leads to."""
    if verb.leads_to:
        return verb.leads_to(act, result)
    own = case_url(act.ticket.number)
    if isinstance(result, Ticket):
        return case_url(result.number)
    if isinstance(result, TicketLink) and result.kind == LinkKind.MERGED and not result.canceled_at:
        return case_url(result.target.number)
    if isinstance(result, Prepared) and result.remedy:
        return f"{own}?tab=propose&remedy={result.remedy}"
    return own


def leave(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser there; the page's script goes by itself, so that the message is not lost."""
    if request.headers.get(PART):
        return HttpResponse(status=204, headers={"X-Desk-Location": url})
    return redirect(url)


@require_POST
def draft_view(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what is being typed."""
    ticket, form = find_case(person(request), number), DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    kind, body = form.cleaned_data["kind"], form.cleaned_data["body"]
    try:
        draft = save_draft(ticket.pk, actor=person(request), kind=kind, body=body)
    except DomainError as refusal:
        return JsonResponse({"errors": {"body": [str(refusal)]}}, status=refusal.status_code)
    if "back" in request.POST:
        return redirect(case_url(number))
    at = f"{localtime(draft.updated_at):%H:%M}" if draft else ""
    return JsonResponse({"saved": _("draft saved %(time)s") % {"time": at} if at else ""})


@require_POST
def presence_view(request: HttpRequest, number: str) -> HttpResponse:
    """Say that one is here, hear who else is, and whether something new was said."""
    user = person(request)
    ticket = find_case(user, number)
    writing = request.POST.get("writing") == "1"
    try:
        touch_presence(ticket.pk, actor=user, is_writing=writing)
    except DomainError as refusal:
        return JsonResponse({"error": str(refusal)}, status=refusal.status_code)
    return JsonResponse(
        {"others": others_present(ticket, user), "newest": newest_message_id(ticket)}
    )


@require_GET
def tools_view(request: HttpRequest, number: str) -> HttpResponse:
    """Macros and saved replies for the picker, the replies filled in for this case."""
    user = person(request)
    ticket = find_case(user, number)
    if not VERBS["macro"].may(user, ticket):
        return JsonResponse({"tools": []}, status=403)
    return JsonResponse({"tools": tools_for(ticket, user)})


@require_GET
def people_view(request: HttpRequest, number: str) -> HttpResponse:
    """Who can be called in a note, for the picker."""
    user = person(request)
    ticket = find_case(user, number)
    if not VERBS["note"].may(user, ticket):
        return JsonResponse({"tools": []}, status=403)
    return JsonResponse({"tools": colleagues_of(user)})


@require_GET
def go_view(request: HttpRequest, number: str, way: str) -> HttpResponse:
    """The next or previous case of the list somebody works through, as the address names it."""
    if way not in ("next", "previous"):
        raise Http404
    user = person(request)
    ticket = find_case(user, number)
    found = neighbour(ticket, user, request.GET.dict(), forward=way == "next")
    if found is None:
        messages.info(request, _("There is no further case in this list."))
    return redirect(case_url(found or number))


def personal_data_view(request: HttpRequest, number: str) -> HttpResponse:
    """Ask why, write that down, then show the customer's data in full, once."""
    user = person(request)
    ticket = find_case(user, number)
    if ticket.customer is None:
        raise Http404
    status, shown = 200, None
    form = ReasonForm(request.POST or None, ticket=ticket, actor=user)
    try:
        if request.method == "POST":
            note = form.cleaned_data["note"] if form.is_valid() else ""
            shown = disclose_case(ticket.pk, actor=user, note=note)
        else:
            require(can_see_personal_data(user))
    except DomainError as refusal:
        if refusal.field not in form.errors:
            form.tell(refusal)
        status = refusal.status_code
    return render(
        request,
        "_personal_data.html" if request.headers.get(PART) else "personal_data.html",
        status,
        title=_("Personal data"),
        ticket=ticket,
        form=form,
        shown=shown,
        may=can_see_personal_data(user),
        action=request.path,
        back=case_url(number),
    )
