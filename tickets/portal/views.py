"""The status page: parse, call one service as the machine, go back to the page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError, InvalidTransition
from customers.services import opt_out_of_surveys
from staff.services import system_actor
from tickets import files
from tickets.choices import MessageKind
from tickets.models import Proposal, Ticket
from tickets.portal import sections
from tickets.portal.forms import SCORES, AnswerForm, MessageForm, RatingForm
from tickets.portal.pages import brand, customer_page, path_of, show
from tickets.portal.progress import customer_steps, shown_files, shown_messages, successor_of
from tickets.queries.promises import answer_due
from tickets.services.customer_page import OVER, PageWords, write_on_page
from tickets.services.files import THUMBNAIL
from tickets.services.outcome import urge
from tickets.services.proposals import accept_proposal, decline_proposal
from tickets.services.ratings import rate
from tickets.services.status_links import ensure_status_link, live_status_url
from tickets.statuses import ProposalStatus, SurveyStatus, TicketStatus

RATED = (TicketStatus.RESOLVED, TicketStatus.CLOSED)
SHOWN_PROPOSALS = (
    ProposalStatus.OFFERED,
    ProposalStatus.ACCEPTED,
    ProposalStatus.DECLINED,
    ProposalStatus.CARRIED_OUT,
)


@customer_page
@require_safe
def status_page(request: HttpRequest, token: str, ticket: Ticket) -> HttpResponse:
    return render_case(request, token, ticket, MessageForm())


def render_case(
    request: HttpRequest, token: str, ticket: Ticket, form: MessageForm, status: int = 200
) -> HttpResponse:
    """The page with a message form, empty or as it was refused."""
    proposal = ticket.proposals.filter(status__in=SHOWN_PROPOSALS).order_by("-id").first()
    said = shown_messages(ticket).prefetch_related(
        Prefetch("attachments", ticket.attachments.filter(is_internal=False), "shown_files")
    )
    successor = successor_of(ticket)
    context: dict[str, Any] = {
        "brand": brand(ticket.shop),
        "token": token,
        "ticket": ticket,
        "steps": customer_steps(ticket),
        "conversation": said,
        "case_files": shown_files(ticket).filter(message=None),
        "from_customer": MessageKind.INBOUND,
        "proposal": proposal,
        "can_answer": proposal and proposal.status == ProposalStatus.OFFERED,
        "form": form,
        "successor": successor,
        "successor_path": path_of(live_status_url(successor)) if successor else "",
        **answer_context(ticket),
        "can_urge": not ticket.is_finished,
        "sections": sections.shown(ticket),
        **rating_context(ticket),
    }
    return show(request, "status", context, status)


def answer_context(ticket: Ticket) -> dict[str, Any]:
    """Whether the promised answer lies ahead or is late; neither while we wait for the customer."""
    due_at = None if ticket.is_finished else answer_due(ticket.pk)
    if due_at is None or ticket.status == TicketStatus.PENDING:
        return {"promise": "", "answer_due": None}
    return {"promise": "ahead" if due_at > now() else "late", "answer_due": due_at}


def rating_context(ticket: Ticket) -> dict[str, Any]:
    """Whether to ask, what was answered, whether to offer being left alone."""
    rating = ticket.ratings.filter(round=ticket.reopened_count + 1).first()
    is_open = rating is None or rating.status == SurveyStatus.INVITED
    return {
        "rating": rating if rating and rating.status == SurveyStatus.ANSWERED else None,
        "can_rate": ticket.status in RATED and is_open,
        "scores": SCORES,
        "gets_surveys": bool(ticket.customer and ticket.customer.wants_surveys),
    }


def back(token: str, anchor: str = "") -> HttpResponse:
    return redirect(reverse("status_page", args=[token]) + anchor)


@customer_page
@require_POST
def write(request: HttpRequest, token: str, ticket: Ticket) -> HttpResponse:
    """Words and files; where the case is over they open the next one, whose page is shown."""
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_case(request, token, ticket, form, 422)
    words = PageWords(form_key=form.key, body=form.cleaned_data["body"], files=form.new_files)
    actor = system_actor()
    try:
        message = write_on_page(ticket.pk, words, actor=actor)
    except DomainError as error:
        form.add_error(None, str(error))
        return render_case(request, token, ticket, form, 422)
    if message is None:
        messages.info(request, _("We have this message already."))
        return back(token, "#conversation")
    if message.ticket_id != ticket.pk:
        messages.success(
            request,
            _("Your earlier request is finished, so we opened %(number)s, which continues it.")
            % {"number": message.ticket.number},
        )
        return redirect(path_of(ensure_status_link(message.ticket, actor=actor)))
    messages.success(request, _("Thank you, we have your message."))
    return back(token, "#conversation")


@customer_page
@require_POST
def answer(request: HttpRequest, token: str, ticket: Ticket, proposal_id: int) -> HttpResponse:
    """Yes or no to what we offered."""
    if not ticket.proposals.filter(pk=proposal_id).exists():
        raise Http404
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose whether you accept."))
        return back(token)
    accepts = form.cleaned_data["answer"] == "accept"
    verb = accept_proposal if accepts else decline_proposal
    try:
        verb(proposal_id, actor=system_actor(), note=form.cleaned_data["note"])
    except InvalidTransition:
        wanted = ProposalStatus.ACCEPTED if accepts else ProposalStatus.DECLINED
        told_same = Proposal.objects.filter(pk=proposal_id, status=wanted).exists()
        if told_same:
            messages.info(request, _("We have your answer already."))
        else:
            messages.error(request, _("This proposal is no longer open."))
    else:
        messages.success(
            request,
            _("Thank you. We will now carry it out.")
            if accepts
            else _("Thank you for telling us. We will look for another way."),
        )
    return back(token)


@customer_page
@require_POST
def press(request: HttpRequest, token: str, ticket: Ticket) -> HttpResponse:
    """The customer presses for an answer."""
    try:
        urge(ticket.pk, actor=system_actor())
    except InvalidTransition:
        messages.info(request, OVER)
    except DomainError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("Understood, it is urgent. We moved your request forward."))
    return back(token)


@customer_page
@require_POST
def give_rating(request: HttpRequest, token: str, ticket: Ticket) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose 1 to 5."))
        return back(token, "#rating")
    data = form.cleaned_data
    try:
        rate(ticket.pk, actor=system_actor(), score=data["score"], comment=data["comment"])
    except InvalidTransition:
        known = _("We have your rating already, or it is too early for one.")
        messages.info(request, OVER if ticket.status == TicketStatus.CANCELED else known)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Thank you for your rating."))
    return back(token)


@customer_page
@require_POST
def no_surveys(request: HttpRequest, token: str, ticket: Ticket) -> HttpResponse:
    """Never ask again."""
    if ticket.customer_id:
        opt_out_of_surveys(ticket.customer_id, actor=system_actor())
    messages.success(request, _("We will not ask you for ratings any more."))
    return back(token)


@customer_page
@require_safe
def file(
    request: HttpRequest, token: str, ticket: Ticket, file_id: int, is_small: bool = False
) -> HttpResponse:
    """A file of the case as a download, or the picture we drew of it."""
    found = shown_files(ticket).filter(pk=file_id).first()
    if found is None or (is_small and not found.has_thumbnail):
        raise Http404
    try:
        content = files.read(found.digest, THUMBNAIL if is_small else "")
    except FileNotFoundError:
        raise Http404 from None
    if is_small:
        return HttpResponse(content, content_type="image/webp")
    named = content_disposition_header(True, found.file_name) or "attachment"
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": named},
    )
