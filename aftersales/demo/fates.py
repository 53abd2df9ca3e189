"""How cases end, how often, and how old a case is when it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

from aftersales.demo.arriving import CHANNELS
from aftersales.demo.photos import Photo
from aftersales.demo.rows import Row
from aftersales.demo.settling import REFUSED, Settling

HALF_YEAR: Final = 182.0


@dataclass(frozen=True, slots=True)
class Fate:
    """Where a case stands today; `ages` are its least and greatest age in days.

    `is_long` needs a story with investigation and remedy. Each of the `calls` becomes a case first.
    """

    code: str
    weight: int
    ages: tuple[float, float]
    is_long: bool = True
    calls: int = 1


FATES: Final = (
    Fate("new", 6, (0.004, 0.5), is_long=False),
    Fate("working", 9, (0.05, 1.3), is_long=False),
    Fate("investigating", 8, (0.2, 4)),
    Fate("on_hold", 6, (0.4, 8)),
    Fate("pending_question", 6, (0.2, 6), is_long=False),
    Fate("pending_offer", 8, (0.3, 5)),
    Fate("accepted", 6, (0.5, 6)),
    Fate("declined", 4, (0.6, 6)),
    Fate("withdrawn", 3, (0.6, 6)),
    Fate("resolved", 9, (0.8, 3.2), is_long=False),
    Fate("resolved_rated", 6, (0.8, 3.2), is_long=False),
    Fate("reopened", 4, (1.5, 6), is_long=False),
    Fate("closed_rated", 90, (4.5, HALF_YEAR), is_long=False),
    Fate("closed", 60, (4.5, HALF_YEAR), is_long=False),
    Fate("closed_refused", 10, (5, HALF_YEAR)),
    Fate("closed_reopened", 8, (9, HALF_YEAR), is_long=False),
    Fate("canceled", 12, (0.5, HALF_YEAR), is_long=False),
    Fate("merged", 8, (0.3, HALF_YEAR), is_long=False, calls=2),
    Fate("continued", 6, (0.2, 3), is_long=False),
    Fate("related", 6, (0.3, 4)),
)
HOLDS: Final = {
    "zh": ("等待快递公司核实结果", "等待供应商回复", "等待仓库调取监控", "等待质检报告"),
    "en": (
        "Waiting for the carrier's answer",
        "Waiting for the supplier",
        "Warehouse is looking for the video",
        "Waiting for the test report",
    ),
}
CANCELS: Final = {
    "zh": ("客户撤回，已自行解决", "重复的骚扰信息", "误操作提交"),
    "en": ("Withdrawn by the customer", "Advertising, no request", "Recorded by mistake"),
}
WITHDRAWALS: Final = {
    "zh": ("库存不足，无法换货，改为其他方案", "金额填写有误，重新提出"),
    "en": ("Out of stock, an exchange is not possible", "Wrong amount, to be offered again"),
}
OVER: Final = {
    "closed_rated",
    "closed",
    "closed_refused",
    "closed_reopened",
    "resolved",
    "resolved_rated",
    "reopened",
    "merged",
}


def deal(rng: Random, count: int) -> list[tuple[float, Fate]]:
    """(age in days, fate) of so many cases, oldest first; each fate at least once if they suffice.

    Ages crowd towards today, as a desk's list would if it grew.
    """
    fates = [*FATES[:count]]
    weights = [fate.weight for fate in FATES]
    fates += rng.choices(FATES, weights, k=count - len(fates))
    dealt = []
    for fate in fates:
        least, most = fate.ages
        dealt.append((least + (most - least) * rng.random() ** 1.5, fate))
    return sorted(dealt, key=lambda pair: -pair[0])


def live(case: Settling, fate: Fate, photos: list[Photo], twin: Settling | None) -> None:
    """Let the case happen up to where its fate leaves it. `twin` is a second call to be merged."""
    begin(case, photos)
    code = fate.code
    if code == "new":
        if case.ticket["channel"] in ("mail", "web", "api", "wechat") and case.rng.random() < 0.7:
            case.acknowledge()
        return
    case.acknowledge()
    case.assess()
    if code == "canceled":
        case.cancel(case.rng.choice(CANCELS[case.tongue]))
        return
    case.hand_to(home_of(case, code))
    if twin is not None:
        twin.at = case.at
        begin(twin, [])
        case.wait(0.3, 3)
        twin.merge_into(case)
    work(case, code, photos)
    if code in OVER:
        finish(case, code)


def begin(case: Settling, photos: list[Photo]) -> None:
    from_reviews = {"review": ("complaint", "suggestion", "praise")}
    channel = pick_channel(case)
    if case.story.kind not in from_reviews.get(channel, (case.story.kind,)):
        channel = "chat"
    case.receive(channel, case.story.subject, case.story.first_message)
    if (
        photos
        and case.story.has_photos
        and channel in ("mail", "web", "wechat", "chat")
        and case.rng.random() < 0.6
    ):
        by_customer = case.by_system("portal")
        case.attach(
            case.rng.sample(photos, case.rng.choice((1, 2, 2, 3))), case.first_message, by_customer
        )


def pick_channel(case: Settling) -> str:
    draw = case.rng.randrange(100)
    return next(name for name, below in CHANNELS[case.tongue] if draw < below)


def home_of(case: Settling, code: str) -> str:
    """Most cases stay with the usual department; some lie with the one that looks into them."""
    helper = case.story.notes[1].department
    if code in ("investigating", "on_hold", "related") and case.rng.random() < 0.45:
        return helper
    return case.ground.department_of(case.story.category)


def work(case: Settling, code: str, photos: list[Photo]) -> None:
    """Everything between the assignment and the result."""
    rng, story = case.rng, case.story
    if code == "working":
        if rng.random() < 0.6:
            case.draft(story.acknowledgement)
        return
    if rng.random() < 0.3 or code == "continued":
        case.reply(story.acknowledgement)
    if rng.random() < 0.12:
        case.urge()
    if code == "pending_question" or rng.random() < 0.4:
        case.reply(story.question, then="pending")
        if code == "pending_question":
            return
        case.wait(0.5, 20)
        answer = case.customer_writes(story.answer)
        if story.has_photos and rng.random() < 0.7:
            case.attach(rng.sample(photos, 2), answer, case.by_system("portal"))
    if story.kind in ("complaint", "return_request", "repair_request"):
        look_into(case, code)
    else:
        case.note(story.notes[1].text, case.colleague())


def look_into(case: Settling, code: str) -> None:
    """Investigation, then proposal."""
    story, rng = case.story, case.rng
    helper = case.colleague()
    investigation = case.open_investigation()
    case.note(story.notes[0].text, case.agent, helper if helper is not case.agent else None)
    if code in ("investigating", "related") and rng.random() < 0.5:
        return
    case.add_evidence(investigation, helper, story.notes[1].text, None)
    if code in ("investigating", "related"):
        return
    if code == "on_hold":
        case.hold(rng.choice(HOLDS[case.tongue]))
        return
    case.note(story.notes[1].text, helper)
    case.conclude(investigation, helper)
    if code != "continued":
        settle(case, code)


def settle(case: Settling, code: str) -> None:
    """Offers and answers."""
    story = case.story
    proposal = case.propose(story.offer)
    if code == "pending_offer":
        return
    if code == "withdrawn":
        case.withdraw(proposal, case.rng.choice(WITHDRAWALS[case.tongue]))
        return
    second = story.second_offer
    is_refused = code in ("declined", "closed_refused")
    if second is not None or is_refused:
        refusal = story.reply_to_offer if second else refusal_of(case)
        case.answer(proposal, is_accepted=False, words=refusal)
        if code == "declined" or second is None:
            return
        proposal = case.propose(second)
        is_taken = story.is_accepted and not is_refused
        case.answer(proposal, is_accepted=is_taken, words=story.reply_to_second)
        if not is_taken:
            return
    else:
        case.answer(proposal, is_accepted=True, words=story.reply_to_offer)
    if code != "accepted":
        case.carry_out(proposal)


def refusal_of(case: Settling) -> str:
    return {"zh": "不同意，这个方案我不接受", "en": "No, I do not accept that."}[case.tongue]


def finish(case: Settling, code: str) -> None:
    """The result, the rating, the end."""
    story, rng = case.story, case.rng
    is_refused = case.ticket["proposed_at"] is None and case.ticket["investigated_at"] is not None
    result = REFUSED[case.tongue] if is_refused else story.result_told
    case.tell_result(result)
    response = case.invite()
    if code in ("reopened", "closed_reopened"):
        case.reopen()
        if code == "reopened":
            return
        case.reply(story.acknowledgement)
        case.tell_result(result)
        response = case.invite() or response
    if not is_refused and rng.random() < 0.4:
        case.wait(0.2, 6)
        case.customer_writes(story.thanks, is_quiet=True)
    is_rated = code in ("resolved_rated", "closed_rated", "closed_refused", "merged")
    if response and is_rated:
        case.rate(response)
    if not code.startswith("resolved"):
        end(case, response if not is_rated else None)
    elif rng.random() < 0.5:
        case.plan(case.end + timedelta(hours=rng.uniform(-6, 30)), is_done=False)


def end(case: Settling, unanswered: Row | None) -> None:
    """Follow-ups done, closed, learnt from."""
    if case.rng.random() < 0.2:
        case.plan(case.at + timedelta(days=1), is_done=True)
    case.close()
    if case.story.kind == "complaint" and case.rng.random() < 0.25:
        case.learn()
    if unanswered is not None:
        case.expire(unanswered)
