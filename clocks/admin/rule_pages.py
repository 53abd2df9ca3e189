"""Pages of rules: all of them by promise, one with its versions, the next version with preview."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.kernel.admin import own_page
from aftersales.kernel.conditions import in_words
from aftersales.kernel.context import Person
from aftersales.kernel.errors import DomainError
from clocks import registry, rulebook
from clocks.checks import alarms, warnings_of
from clocks.models import ClockRule
from clocks.policies import can_change_kind
from clocks.queries.preview import Preview, preview
from clocks.queries.rules import Version, ladder_words, versions_of
from clocks.queries.running import Hits, hits
from clocks.queries.terms import term_words
from clocks.queries.years import calendar_gaps
from clocks.rule_form import RulePage
from clocks.rulebook import Rule, bound
from clocks.services.rules import draft, retire_rule, revise_rule, steps_of
from compliance import events

HITS_SECONDS = 60
EVENT_FIELDS = ("starts_on", "stops_on", "pauses_on", "resumes_on", "cancels_on")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in the list."""

    rule: ClockRule
    term: str
    hits: Hits
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class PromiseGroup:
    """The alternatives of one promise, in the order in which they are tried."""

    name: str
    about: str
    rows: Sequence[RuleRow]


def show_all(admin: Any, request: HttpRequest) -> HttpResponse:
    """Current rules by promise, with how often each counted and what is wrong with it."""
    book = rulebook.current()
    counts = _hits([rule.row.code for rules in book.alternatives.values() for rule in rules])
    groups = [
        PromiseGroup(
            name=_name_of(rules),
            about=_about(subject_type),
            rows=[
                RuleRow(
                    rule.row,
                    term_words(rule.row),
                    counts.get(rule.row.code, Hits()),
                    warnings_of(rule, rules),
                )
                for rule in rules
            ],
        )
        for (subject_type, _promise), rules in sorted(book.alternatives.items())
    ]
    return own_page(
        admin,
        request,
        "clocks/rules.html",
        _("Rules of time"),
        groups=groups,
        alarms=alarms(),
        gaps=calendar_gaps(),
    )


def _name_of(rules: Sequence[Rule]) -> str:
    """What the alternatives of a promise have in common in their names: what stands before “:”."""
    return re.split("[:：]", str(rules[0].row))[0]


def _about(subject_type: str) -> str:
    subject = registry.find(subject_type)
    return str(subject.label) if subject else subject_type


def _hits(codes: list[str]) -> dict[str, Hits]:
    """Counts of a minute ago at most: they are read over all clocks there ever were."""
    counts: dict[str, Hits] | None = cache.get("clocks:hits")
    if counts is None:
        counts = hits(codes)
        cache.set("clocks:hits", counts, HITS_SECONDS)
    return counts


def show_rule(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """One version in words, its warnings, and what each version changed."""
    rule: ClockRule = admin.in_scope(request, object_id)
    subject = registry.find(rule.subject_type)
    book = rulebook.current()
    known = book.alternatives.get((rule.subject_type, rule.promise), ())
    happenings = [
        (rule.label_of(name), [events.token_label(one) for one in tokens])
        for name in EVENT_FIELDS
        if (tokens := getattr(rule, name))
    ]
    told: list[Version] = versions_of(rule.code)
    ladder = ladder_words(rule)
    return own_page(
        admin,
        request,
        "clocks/rule.html",
        str(rule),
        rule=rule,
        about=_about(rule.subject_type),
        term=term_words(rule),
        conditions=in_words(rule.conditions, subject.by_code if subject else {}),
        happenings=happenings,
        ladder=ladder,
        warnings=warnings_of(rulebook.version(rule.pk), known),
        alarms=alarms() if ladder else [],
        gaps=calendar_gaps(),
        hits=hits([rule.code]).get(rule.code, Hits()),
        versions=told,
        may_change=rule.is_current and _may_change(request, rule),
        history_url=reverse(
            "admin:compliance_journalentry_object", args=[rule._meta.label_lower, rule.pk]
        ),
    )


def _may_change(request: HttpRequest, rule: ClockRule) -> bool:
    return can_change_kind(cast(Person, request.user), rule.kind)


def revise(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """The next version: «preview» shows what it would mean, «save» makes it."""
    rule: ClockRule = admin.in_scope(request, object_id)
    if not _may_change(request, rule):
        raise PermissionDenied
    told = RulePage(request.POST or None, rule, steps_of(rule))
    shown: Preview | None = None
    warnings: list[str] = []
    if request.method == "POST" and told.is_valid():
        try:
            if "save" in request.POST:
                return _save(request, rule, told)
            following = draft(rule, told.changes)
            shown = preview(following)
            warnings = warnings_of(bound(following))
        except DomainError as refusal:
            _refuse(told, refusal)
    return own_page(
        admin,
        request,
        "clocks/rule_form.html",
        _("Change “%(rule)s”") % {"rule": rule},
        rule=rule,
        told=told,
        preview=shown,
        warnings=warnings,
    )


def _save(request: HttpRequest, rule: ClockRule, told: RulePage) -> HttpResponse:
    following = revise_rule(
        rule.pk,
        told.changes,
        actor=cast(Person, request.user),
        note=told.form.cleaned_data["note"],
        steps=told.ladder,
    )
    text = _("Version %(version)s counts from now on; running clocks keep theirs.")
    messages.success(request, text % {"version": following.version})
    return redirect("admin:clocks_clockrule_change", following.pk)


def _refuse(told: RulePage, refusal: DomainError) -> None:
    field = refusal.field if refusal.field in told.form.fields else None
    told.form.add_error(field, str(refusal))


def retire(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """End a rule; asked on its page."""
    rule: ClockRule = admin.in_scope(request, object_id)
    if not _may_change(request, rule):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        retire_rule(rule.pk, actor=cast(Person, request.user), note=request.POST.get("note", ""))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The rule has ended; what runs under it runs on."))
    return redirect("admin:clocks_clockrule_change", rule.pk)
