"""Every way to approve, edit, delegate, expire and send, tried exhaustively (T10).

Five people, three tiers, a delegation, edits: from each state every act is tried on the real desk
inside a savepoint. An oracle that knows only who touched, approved and delegated what judges each
state and each sending.

States are explored breadth first and each is entered once, by the shortest way to it. Two states
are the same when they agree in everything a later act can depend on: status, amount, who touched
it, whose voices live, what the approval asks for, who is in service, whether the delegation stands
(``judge``). The digest follows from the amount, since nothing else of the refund is edited; ended
approvals are never read again; no time passes between acts. The way back to a state is replayed and
has to lead to it again, so a difference this forgets would show as a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError
from returns.models import Approval, Refund
from returns.money_statuses import RefundStatus as S
from returns.services.money import approving, requesting, sending
from returns.services.money.approving import Voice
from returns.services.money.requesting import APPROVAL_LASTS
from staff.models import Delegation, User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.money import make_payment, make_refund, wish
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

SUMS = {"100.00": 1, "600.00": 1, "5200.00": 2}
State = tuple[Any, ...]
LATER = APPROVAL_LASTS + timedelta(hours=1)


@dataclass
class Trial:
    """The people, the refund, and how much was tried and sent so far."""

    refund: int
    people: dict[str, int]
    delegation: int
    tried: int = 0
    sent: int = 0

    def person(self, name: str) -> User:
        return User.objects.get(pk=self.people[name])


def make_trial() -> Trial:
    system_actor()
    both = [Role.AGENT, Role.LEAD, Role.FINANCE]
    people = {name: make_user(roles=both) for name in ("requester", "editor", "first", "second")}
    people["deputy"] = make_user(roles=[Role.LEAD, Role.FINANCE])
    refund = make_refund(make_payment("9000.00"), people["requester"], "100.00")
    delegation = Delegation(
        giver=people["first"],
        delegate=people["deputy"],
        starts_at=now() - timedelta(days=1),
        ends_at=now() + timedelta(days=30),
        limit=Decimal("1000.00"),
        currency="CNY",
        reason="on leave",
    )
    delegation.save()
    return Trial(refund.pk, {name: one.pk for name, one in people.items()}, delegation.pk)


def acts(trial: Trial) -> dict[str, Callable[[], Any]]:
    """Everything anybody may try."""

    def approve(name: str, principal: str = "") -> Callable[[], Any]:
        def act() -> None:
            giver = trial.person(principal) if principal else None
            voice = Voice(principal=giver, reauthenticated_at=now())
            approving.approve_refund(trial.refund, actor=trial.person(name), voice=voice)

        return act

    def edit(name: str, amount: str) -> Callable[[], Any]:
        return lambda: requesting.change_refund(
            trial.refund, wish(amount), actor=trial.person(name)
        )

    return {
        "submit": lambda: requesting.submit_refund(trial.refund, actor=trial.person("requester")),
        **{f"approve {name}": approve(name) for name in trial.people},
        "approve deputy for first": approve("deputy", "first"),
        "approve deputy for second": approve("deputy", "second"),
        "approve second for first": approve("second", "first"),
        **{f"edit to {amount}": edit("editor", amount) for amount in SUMS},
        "edit by second": edit("second", "100.00"),
        "send": lambda: claim(trial),
        "send later": later(lambda: claim(trial)),
        "expire": later(lambda: approving.expire_approval(trial.refund, actor=system_actor())),
        "leave": lambda: toggle(trial.person("second"), "is_active"),
        "revoke": lambda: toggle(Delegation.objects.get(pk=trial.delegation), "is_revoked"),
    }


def later(act: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> None:
        with time_machine.travel(now() + LATER, tick=False):
            act()

    return run


def toggle(row: User | Delegation, flag: str) -> None:
    setattr(row, flag, not getattr(row, flag))
    row.save(update_fields=[flag])


def claim(trial: Trial) -> None:
    """Send; what leaves must be carried by living approvals of people without a hand in it."""
    before = Refund.objects.get(pk=trial.refund)
    instruction = sending.claim_refund(trial.refund, actor=system_actor())
    if instruction is None:
        return
    trial.sent += 1
    request = before.approval_requests.get(status="granted")
    voices = list(request.decisions.filter(decision="approve").select_related("principal"))
    principals = {one.principal_id for one in voices if one.principal.is_active}
    assert before.status == S.APPROVED
    assert len(principals) >= SUMS[str(before.amount)]
    assert now() < request.expires_at
    assert {one.digest for one in voices} == {request.digest}
    assert instruction.amount == before.amount


def judge(trial: Trial) -> State:
    """The state as far as it matters; raises when somebody approved what they had touched."""
    refund = Refund.objects.get(pk=trial.refund)
    touched = set(refund.touches.values_list("user_id", flat=True)) | {refund.requested_by_id}
    live = Approval.objects.filter(
        refund=refund, decision="approve", request__status__in=("open", "granted")
    )
    voices = frozenset(live.values_list("decided_by", "principal"))
    for decided_by, principal in voices:
        assert decided_by not in touched
        assert principal not in touched
        if decided_by != principal:
            assert (decided_by, principal) == (trial.people["deputy"], trial.people["first"])
    assert len({by for by, _principal in voices}) == len(voices)
    assert len({principal for _by, principal in voices}) == len(voices)
    if refund.status in (S.APPROVED, S.SENDING):
        assert len(voices) >= SUMS[str(refund.amount)]
    asked = refund.approval_requests.filter(status__in=("open", "granted")).values_list(
        "level", "needed_count", "asks_password", "role"
    )
    return (
        refund.status,
        refund.amount,
        frozenset(touched),
        voices,
        *asked,
        trial.person("second").is_active,
        Delegation.objects.get(pk=trial.delegation).is_revoked,
    )


def explore(trial: Trial, depth: int) -> list[int]:
    """Try every act from every state within ``depth`` acts; returns how many states each depth
    added. A last entry of 0 says that there are no others at any depth."""
    every = acts(trial)
    frontier: dict[State, tuple[str, ...]] = {judge(trial): ()}
    seen, added = set(frontier), [1]
    for _level in range(depth):
        found: dict[State, tuple[str, ...]] = {}
        for state, path in frontier.items():
            with transaction.atomic():
                for name in path:
                    every[name]()
                assert judge(trial) == state
                for name, act in every.items():
                    after = outcome(trial, act, state)
                    if after not in seen:
                        seen.add(after)
                        found[after] = (*path, name)
                transaction.set_rollback(True)
        added.append(len(found))
        frontier = found
    return added


def outcome(trial: Trial, act: Callable[[], Any], state: State) -> State:
    """Where an act leads; a refused one leaves everything as it was."""
    trial.tried += 1
    with transaction.atomic():
        try:
            with transaction.atomic():
                act()
            after = judge(trial)
        except (DomainError, ObjectDoesNotExist):
            after = judge(trial)
            assert after == state
        transaction.set_rollback(True)
    return after


def test_nobody_approves_what_they_touched_to_depth_three() -> None:
    trial = make_trial()

    added = explore(trial, 3)

    assert trial.sent > 0
    assert sum(added) > 20


@pytest.mark.long
def test_nobody_approves_what_they_touched_to_depth_eight() -> None:
    trial = make_trial()

    added = explore(trial, 8)

    assert trial.sent > 50
    assert sum(added) > 200
