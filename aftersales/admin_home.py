"""Home: what waits for the person who signed in, put together from what each role works with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.admin_cards import Figure, Line, Section
from aftersales.admin_home_money import money_sections
from aftersales.kernel.clock import now
from aftersales.kernel.refs import for_reader
from clocks.queries.years import calendar_gaps
from compliance.models import Disclosure, Finding, JournalEntry
from handoffs.models import Handoff
from handoffs.queries.inbox import next_asked
from staff.models import User
from staff.queries import departments_without_lead
from staff.roles import Role
from tickets import words
from tickets.models import Draft, FollowUp, Mention, Ticket
from tickets.queries import home
from tickets.queries.counting import capped_counts, shown
from tickets.queries.queue import Scope
from tickets.queries.rows import as_rows
from tickets.statuses import UNFINISHED

DAY = timedelta(hours=24)
SEEING_ALL = (Role.AUDITOR, Role.ADMINISTRATOR)


def greeting(request: HttpRequest) -> str:
    """Good morning, afternoon or evening, with the name."""
    hour = timezone.localtime(now()).hour
    name = str(request.user)
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def sections(request: HttpRequest) -> list[Section]:
    """The cards of this person's roles, the widest work first."""
    user: User = request.user  # type: ignore[assignment]
    moment = now()
    found: list[Section] = []
    if user.has_role(Role.LEAD, Role.ADMINISTRATOR):
        found.extend(_calendar_gaps())
    if user.has_role(Role.LEAD):
        found.extend(_for_lead(user, moment))
    found.extend(money_sections(user, moment))
    if user.has_role(Role.AGENT, Role.LEAD):
        found.extend(_for_agent(user, moment))
    elif user.has_role(*SEEING_ALL):
        found.extend(_for_overseer(user))
    else:
        found.extend(_for_helper(user, moment))
    return found


def _queue(**params: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in params.items())
    return f"{reverse('admin:tickets_ticket_changelist')}?{query}"


def _cases(
    title: str, icon: str, tickets: Sequence[Ticket], moment: datetime, *, empty: str, more: str
) -> Section:
    return Section(title, icon, "cases", as_rows(tickets, moment), empty, more, is_wide=True)


def _asked(user: User, moment: datetime) -> Section:
    return Section(
        _("Asked of my department"),
        "swap_horiz",
        "lines",
        [_leg(leg, moment) for leg in next_asked(user)],
        _("Nobody waits for an answer of your department."),
        reverse("admin:handoffs_handoff_changelist"),
    )


def _leg(leg: Handoff, moment: datetime) -> Line:
    due = words.due_words(leg.due_at, moment)
    return Line(
        url=reverse("admin:handoffs_handoff_change", args=[leg.pk]),
        title=f"{leg.template}: {leg.question[:80]}",
        detail=f"{leg.number} · {leg.ticket.number} · {leg.from_department}",
        at=due.text if leg.due_at else words.ago(leg.sent_at, moment),
        tone=due.tone if leg.due_at else "",
    )


def _for_agent(user: User, moment: datetime) -> Iterator[Section]:
    asked = _asked(user, moment)
    if asked.items:
        yield asked
    yield _cases(
        _("Due next"),
        "schedule",
        home.my_next(user),
        moment,
        empty=_("Nothing is assigned to you. Take a case from your department."),
        more=_queue(view="mine"),
    )
    yield _cases(
        _("Unassigned in my department"),
        "inbox",
        home.unassigned(user),
        moment,
        empty=_("Every case has somebody. Well done."),
        more=_queue(view="unassigned"),
    )
    yield from _personal(user, moment)


def _for_lead(user: User, moment: datetime) -> Iterator[Section]:
    scope = Scope.of(user)
    yield _figures_of_lead(user, scope)
    yield _cases(
        _("Late or about to be"),
        "alarm",
        home.about_to_be_late(scope),
        moment,
        empty=_("Nothing is late within the next hours."),
        more=_queue(view="due"),
    )
    yield Section(
        _("Team load"),
        "groups",
        "load",
        home.team_load(user),
        _("Nobody works in your department yet."),
    )


def _figures_of_lead(user: User, scope: Scope) -> Section:
    moment = now()
    open_cases = scope.tickets().filter(status__in=UNFINISHED)
    counts = capped_counts(
        {
            "open": open_cases,
            "late": open_cases.filter(due_at__lt=moment),
            "free": open_cases.filter(assignee=None),
            "stuck": home.stuck(user),
            "quarantine": home.quarantined(),
            "findings": Finding.objects.visible_to(user).unsettled(),
            "unled": departments_without_lead(),
        }
    )
    stuck = reverse("admin:tickets_outboundmail_changelist") + "?stuck=1"
    return _figures(
        ("open", _("Unfinished"), "inbox", _queue(view="open"), ""),
        ("late", _("Late"), "alarm", _queue(view="late"), "red"),
        ("free", _("Unassigned"), "person_off", _queue(view="unassigned"), "amber"),
        ("stuck", _("Mails not arrived"), "outgoing_mail", stuck, "red"),
        ("quarantine", _("In quarantine"), "report", _incoming(), "red"),
        _findings(),
        *_unled(counts),
        counts=counts,
    )


def _findings() -> tuple[str, str, str, str, str]:
    url = reverse("admin:compliance_finding_changelist")
    return ("findings", _("Findings to settle"), "flag", url, "amber")


def _unled(counts: dict[str, int]) -> list[tuple[str, str, str, str, str]]:
    """A warning only while there is something to warn of: what those leads should hear goes to the
    administrators."""
    people = reverse("admin:staff_user_changelist")
    line = ("unled", _("Departments without a lead"), "person_alert", people, "red")
    return [line] if counts["unled"] else []


def _incoming() -> str:
    return reverse("admin:tickets_rawintake_changelist") + "?outcome__exact=quarantined"


def _figures(*lines: tuple[str, str, str, str, str], counts: dict[str, int]) -> Section:
    """Numbers in a row; a tone only shows when there is something to count."""
    figures = [
        Figure(label, shown(counts[key]), url, tone if counts[key] else "", icon)
        for key, label, icon, url, tone in lines
    ]
    return Section("", "", "figures", figures, is_wide=True)


def _for_helper(user: User, moment: datetime) -> Iterator[Section]:
    """Warehouse, quality, finance, supplier desk: what was brought to them."""
    yield _asked(user, moment)
    yield _cases(
        _("Cases of my department and those I follow"),
        "inventory_2",
        home.in_scope(Scope.of(user)),
        moment,
        empty=_("Nothing waits for your department. Cases appear here when you are asked."),
        more=_queue(view="open"),
    )
    yield from _personal(user, moment)


def _calendar_gaps() -> Iterator[Section]:
    """Years without an official list of holidays; nothing is shown when there are none."""
    calendars = reverse("admin:clocks_calendar_changelist")
    lines = [
        Line(
            calendars,
            _("%(region)s %(year)s has no official list of holidays")
            % {"region": gap.region, "year": gap.year},
            _("Working days of this year are counted provisionally."),
            _("this year") if gap.is_current else _("next year"),
            "red",
        )
        for gap in calendar_gaps()
    ]
    if lines:
        yield Section(
            _("Calendar incomplete"), "warning", "lines", lines, "", calendars, is_wide=True
        )


def _personal(user: User, moment: datetime) -> Iterator[Section]:
    yield Section(
        _("Mentions"),
        "alternate_email",
        "lines",
        [_mention(mention, moment) for mention in home.mentions(user)],
        _("Nobody has mentioned you since you last looked."),
    )
    yield Section(
        _("Follow-ups"),
        "event_upcoming",
        "lines",
        [_follow_up(row, moment) for row in home.planned(user)],
        _("You have promised nothing for later."),
        reverse("admin:tickets_followup_changelist"),
    )
    yield Section(
        _("Drafts left"),
        "edit_note",
        "lines",
        [_draft(draft, moment) for draft in home.drafts(user)],
        _("No answer is waiting to be finished."),
    )


def _case_url(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.number])


def _mention(mention: Mention, moment: datetime) -> Line:
    message = mention.message
    words_said = "" if message.hidden_at else for_reader(message.body)[:120]
    return Line(
        _case_url(mention.ticket),
        f"{mention.ticket.number} · {message.author_name}",
        words_said,
        words.ago(mention.created_at, moment),
    )


def _follow_up(follow_up: FollowUp, moment: datetime) -> Line:
    due = words.due_words(follow_up.due_at, moment)
    return Line(
        _case_url(follow_up.ticket),
        str(follow_up),
        f"{follow_up.ticket.number} · {follow_up.get_kind_display()}",
        due.text,
        due.tone,
    )


def _draft(draft: Draft, moment: datetime) -> Line:
    return Line(
        _case_url(draft.ticket),
        f"{draft.ticket.number} · {words.DRAFT_LABELS[draft.kind]}",
        draft.body[:120],
        words.ago(draft.updated_at, moment),
    )


def _for_overseer(user: User) -> Iterator[Section]:
    """Auditor and administrator: the state of the house, and what happened behind its back."""
    scope, moment = Scope.of(user), now()
    day_ago = moment - DAY
    open_cases = scope.tickets().filter(status__in=UNFINISHED)
    unsigned = JournalEntry.objects.filter(source="")
    counts = capped_counts(
        {
            "open": open_cases,
            "late": open_cases.filter(due_at__lt=moment),
            "quarantine": home.quarantined(),
            "stuck": home.stuck(user),
            "disclosed": Disclosure.objects.filter(disclosed_at__gte=day_ago),
            "unsigned": unsigned.filter(recorded_at__gte=day_ago),
            "findings": Finding.objects.visible_to(user).unsettled(),
            "unled": departments_without_lead(),
        }
    )
    changes = reverse("admin:compliance_journalentry_changelist")
    mails = reverse("admin:tickets_outboundmail_changelist") + "?stuck=1"
    disclosures = reverse("admin:compliance_disclosure_changelist")
    yield _figures(
        ("unsigned", _("Unattributed changes, 24 h"), "gpp_maybe", changes, "red"),
        ("disclosed", _("Personal data shown, 24 h"), "visibility", disclosures, ""),
        _findings(),
        ("open", _("Unfinished cases"), "inbox", _queue(view="open"), ""),
        ("late", _("Late cases"), "alarm", _queue(view="late"), "amber"),
        ("stuck", _("Mails not arrived"), "outgoing_mail", mails, "red"),
        ("quarantine", _("In quarantine"), "report", _incoming(), "red"),
        *_unled(counts),
        counts=counts,
    )
    yield _unattributed(unsigned, moment, changes)
    yield _links(user)


def _unattributed(unsigned: QuerySet[JournalEntry], moment: datetime, url: str) -> Section:
    latest = unsigned.order_by("-id")[: home.SHOWN]
    return Section(
        _("Latest unattributed changes"),
        "gpp_maybe",
        "lines",
        [_change(entry, moment, url) for entry in latest],
        _("Every change so far was made through the desk by somebody known."),
        url,
    )


def _change(entry: JournalEntry, moment: datetime, url: str) -> Line:
    fields = ", ".join(str(name) for name in entry.changed[:4])
    return Line(
        url,
        f"{entry.get_operation_display()} · {entry.table_name}",
        fields or entry.db_user,
        words.ago(entry.recorded_at, moment),
        "red",
    )


def _links(user: User) -> Section:
    """Where an auditor or administrator usually goes next."""
    offered: tuple[tuple[str, str, str, str], ...] = (
        ("compliance.view_journalentry", _("Changes"), "history", "compliance_journalentry"),
        ("compliance.view_auditevent", _("Events"), "timeline", "compliance_auditevent"),
        (
            "compliance.view_disclosure",
            _("Personal data shown"),
            "visibility",
            "compliance_disclosure",
        ),
        ("staff.change_user", _("People"), "group", "staff_user"),
        ("tickets.change_category", _("Categories"), "account_tree", "tickets_category"),
        ("tickets.change_savedreply", _("Saved replies"), "quickreply", "tickets_savedreply"),
    )
    figures = [
        Figure(label, "", reverse(f"admin:{page}_changelist"), "", icon)
        for right, label, icon, page in offered
        if user.has_perm(right)
    ]
    return Section(_("Go to"), "arrow_outward", "links", figures)
