"""The outsider's page: parse, call one service as the machine, go back to the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aftersales.kernel.errors import DomainError, InvalidTransition
from handoffs.choices import Side
from handoffs.fields import shown_answers
from handoffs.forms import ANSWER
from handoffs.models import Handoff
from handoffs.portal.forms import PartyAnswerForm, PartyForm, PartyQuestionForm
from handoffs.services.party_links import leg_of_token
from handoffs.services.receiving import answer_handoff, return_handoff
from handoffs.statuses import HandoffStatus
from staff.services import system_actor
from tickets import files
from tickets.portal.pages import (
    READS_PER_LINK,
    REQUESTS_PER_ADDRESS,
    TEN_MINUTES,
    WRITES_PER_LINK,
    brand,
    chosen_language,
    other_language,
    private,
    slow_down,
)
from tickets.portal.throttle import address, too_many

View = Callable[..., HttpResponse]


def show(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    frame = {"other_language": other_language(), "page_language": translation.get_language()}
    page = f"handoffs/portal/{template}.html"
    return private(render(request, page, {**frame, **context}, status=status))


def party_view(view: View) -> View:
    """Open the leg behind the token for ``view(request, token, leg, …)``, in its language."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if too_many("party-address", address(request), REQUESTS_PER_ADDRESS, TEN_MINUTES):
            return slow_down(request)
        leg = leg_of_token(token)
        if leg is None:
            return show(request, "bad_link", {"brand": brand(None)}, 404)
        most = WRITES_PER_LINK if request.method == "POST" else READS_PER_LINK
        if too_many(f"party-{request.method}", token, most, TEN_MINUTES):
            return slow_down(request)
        with translation.override(chosen_language(request) or leg.party_language):
            return private(view(request, token, leg, *args, **kwargs))

    return guarded


@party_view
@require_safe
def party_page(request: HttpRequest, token: str, leg: Handoff) -> HttpResponse:
    return render_leg(request, token, leg)


def render_leg(
    request: HttpRequest,
    token: str,
    leg: Handoff,
    *,
    form: PartyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the forms while it is the outsider's turn; ``form`` as it was refused."""
    is_answer = isinstance(form, PartyAnswerForm)
    context: dict[str, Any] = {
        "brand": brand(leg.ticket.shop),
        "token": token,
        "leg": leg,
        "asked": shown_answers(leg.ask_fields, leg.asked),
        "answered": shown_answers(leg.answer_fields, leg.answered),
        "turns": [turn for turn in leg.turns.all() if turn.text],
        "party_files": leg.files.select_related("attachment"),
        "is_answered": leg.status == HandoffStatus.ANSWERED,
        "is_open": leg.side == Side.RECEIVER,
        "answer_form": form if is_answer else PartyAnswerForm(leg=leg),
        "question_form": form if form and not is_answer else PartyQuestionForm(),
    }
    return show(request, "leg", context, status)


@party_view
@require_POST
def answer(request: HttpRequest, token: str, leg: Handoff) -> HttpResponse:
    """The answer; the same sent twice is one answer."""
    form = PartyAnswerForm(request.POST, request.FILES, leg=leg)
    if not form.is_valid():
        return render_leg(request, token, leg, form=form, status=422)
    return carry_out(
        request,
        token,
        leg,
        form,
        lambda: answer_handoff(leg.pk, form.reply(), actor=system_actor()),
        done=_("Thank you, we have your answer."),
    )


@party_view
@require_POST
def ask_back(request: HttpRequest, token: str, leg: Handoff) -> HttpResponse:
    """More information is needed."""
    form = PartyQuestionForm(request.POST)
    if not form.is_valid():
        return render_leg(request, token, leg, form=form, status=422)
    given = {"note": form.cleaned_data["note"], "said_by": form.cleaned_data["said_by"]}
    return carry_out(
        request,
        token,
        leg,
        form,
        lambda: return_handoff(leg.pk, actor=system_actor(), **given),
        done=_("Thank you. We will write to you with what you need."),
    )


def carry_out(
    request: HttpRequest,
    token: str,
    leg: Handoff,
    form: PartyForm,
    work: Callable[[], object],
    *,
    done: str,
) -> HttpResponse:
    try:
        work()
    except InvalidTransition:
        messages.info(request, _("We have your answer already."))
    except DomainError as refusal:
        at = next(
            (one for one in (refusal.field, ANSWER + refusal.field) if one in form.fields), None
        )
        form.add_error(at, str(refusal))
        return render_leg(request, token, leg, form=form, status=422)
    else:
        messages.success(request, done)
    return redirect(reverse("party_page", args=[token]))


@party_view
@require_safe
def file(request: HttpRequest, token: str, leg: Handoff, file_id: int) -> HttpResponse:
    """A file that goes with this leg, as a download."""
    found = leg.files.select_related("attachment").filter(pk=file_id).first()
    if found is None:
        raise Http404
    try:
        content = files.read(found.attachment.digest, "")
    except FileNotFoundError:
        raise Http404 from None
    named = content_disposition_header(True, found.attachment.file_name) or "attachment"
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": named, "X-Content-Type-Options": "nosniff"},
    )
