"""The second half of a case's life: offering, settling, closing, and what comes after."""
# ruff: noqa: E501 -- a text is read as one line, as it is said

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final

from django.conf import settings

from aftersales.demo.finding import Finding
from aftersales.demo.life import Life
from aftersales.demo.mails import remedy_words
from aftersales.demo.rows import Row, Stamp
from aftersales.demo.stories import Offer
from aftersales.kernel.context import Source
from aftersales.kernel.money import written
from aftersales.kernel.refs import in_each_language
from customers.models import Customer
from tickets.choices import LinkKind, MessageKind, Remedy
from tickets.models import (
    CsatResponse,
    Draft,
    FollowUp,
    Message,
    Proposal,
    TicketLink,
)

CARRIED_OUT: Final = {
    "refund": ("原路退款已提交，流水号 R{n}", "Refunded to the original payment, reference R{n}"),
    "return": ("退货已签收，退款流水号 R{n}", "Return received, refund reference R{n}"),
    "exchange": ("换货已发出，运单 SF{n}", "Replacement shipped, parcel SF{n}"),
    "repair": ("维修完成并寄回，维修单 W{n}", "Repaired and sent back, repair order W{n}"),
    "compensation": ("补偿已到账，凭证 K{n}", "Compensation paid out, voucher K{n}"),
    "explanation": ("已电话向客户说明", "Explained to the customer on the phone"),
}
REFUSED: Final = {
    "zh": "很遗憾没能和您达成一致。核实情况和处理依据已发给您，按规定我们只能这样处理；如有新的凭证，随时联系我们。",
    "en": "I am sorry we could not agree. You have our findings and the reasons for the decision; if anything new turns up, write to us any time.",
}
STILL: Final = {
    "zh": ("还是没解决，问题又出现了", "收到了，但是还是同样的毛病，你们再看看"),
    "en": (
        "It is not solved, the same thing happened again.",
        "Got it, but the fault is back. Please look again.",
    ),
}
FOLLOW_UPS: Final = {
    "zh": (
        ("call_back", "回电确认客户是否满意"),
        ("check", "查看换货是否已签收"),
        ("care", "三天后关怀回访"),
        ("other", "向快递公司追索赔付"),
    ),
    "en": (
        ("call_back", "Call to hear whether all is well"),
        ("check", "See that the replacement arrived"),
        ("care", "Ask how it is after three days"),
        ("other", "Claim the damage from the carrier"),
    ),
}
OUTCOMES: Final = {"zh": "已联系，客户满意", "en": "Reached the customer, all is well"}
LESSONS: Final = {
    "zh": (
        "出库前增加一道外观检查",
        "商品页补充尺码说明",
        "与快递公司约定易碎件加固标准",
        "同批次抽检比例提高到10%",
    ),
    "en": (
        "Check the outside once more before shipping",
        "Explain sizes on the product page",
        "Agree on padding for fragile parcels with the carrier",
        "Sample a tenth of each batch",
    ),
}


@cache
def label_of(remedy: str, amount: Decimal | None, currency: str) -> str:
    """What the desk calls an offer."""
    worth = f" {written(amount, currency)}" if amount else ""
    return in_each_language(lambda: f"{Remedy(remedy).label}{worth}")


class Settling(Finding):
    """A case that is brought to an end."""

    def propose(self, offer: Offer) -> Row:
        self.wait(0.3, 5)
        signature = self.by(self.agent)
        row = self.pen.add(
            Proposal,
            {
                "ticket_id": self.ticket["id"],
                "remedy": offer.remedy,
                "terms": offer.text,
                "amount": offer.amount,
                "currency": offer.currency if offer.amount else "",
                "offered_by_id": self.agent["id"],
                "offered_at": signature.at,
            },
            signature,
        )
        self.texts.append(offer.text)
        values = {"proposed_at": signature.at, "accepted_at": None, "carried_out_at": None}
        first = self.ticket["first_response_at"] or signature.at
        self.save(signature, status="pending", first_response_at=first, **values)
        amount, label, note = str(offer.amount or ""), self.offer_label(row), offer.text[:500]
        data = {"remedy": offer.remedy, "amount": amount, "currency": offer.currency}
        self.happened("tickets.proposed", Proposal, row, label, signature, note=note, **data)
        remedy = remedy_words(offer.remedy, self.language)
        currency = offer.currency if offer.amount else ""
        self.mail(
            "proposal", signature, body=offer.text, remedy=remedy, amount=amount, currency=currency
        )
        return row

    def offer_label(self, row: Row) -> str:
        return label_of(row["remedy"], row["amount"], row["currency"])

    def answer(self, proposal: Row, *, is_accepted: bool, words: str) -> None:
        """The customer's yes or no, on the status page or told to the agent."""
        self.wait(0.3, 14)
        is_told = self.ticket["channel"] in ("phone", "counter", "chat")
        signature = self.by(self.agent) if is_told else self.by_system(Source.PORTAL)
        status = "accepted" if is_accepted else "declined"
        self.pen.change(
            Proposal,
            proposal,
            {
                "status": status,
                "answered_at": signature.at,
                "answered_via": signature.source,
                "answer_note": words[:500],
            },
            signature,
        )
        stamp = {"accepted_at": signature.at} if is_accepted else {"proposed_at": None}
        self.save(
            signature, status="open", due_at=self.promise(), last_inbound_at=signature.at, **stamp
        )
        self.happened(
            f"tickets.proposal_{status}",
            Proposal,
            proposal,
            self.offer_label(proposal),
            signature,
            note=words,
        )

    def withdraw(self, proposal: Row, reason: str) -> None:
        self.wait(1, 10)
        signature = self.by(self.agent, reason=reason)
        self.pen.change(Proposal, proposal, {"status": "withdrawn"}, signature)
        self.save(signature, status="open", proposed_at=None, accepted_at=None)
        self.happened(
            "tickets.proposal_withdrawn",
            Proposal,
            proposal,
            self.offer_label(proposal),
            signature,
            note=reason,
        )

    def carry_out(self, proposal: Row) -> None:
        self.wait(1, 20)
        words = CARRIED_OUT[proposal["remedy"]][self.tongue == "en"]
        note = words.format(n=self.rng.randrange(10**9, 10**10))
        signature = self.by(self.agent, reason=note)
        done = {
            "status": "carried_out",
            "outcome_note": note,
            "carried_out_at": signature.at,
            "carried_out_by_id": self.agent["id"],
        }
        self.pen.change(Proposal, proposal, done, signature)
        self.save(signature, carried_out_at=signature.at)
        self.happened(
            "tickets.carried_out",
            Proposal,
            proposal,
            self.offer_label(proposal),
            signature,
            note=note,
        )

    # Ending

    def tell_result(self, text: str) -> None:
        """The decision in words; the case counts as settled from then on."""
        self.wait(0.2, 4)
        signature = self.by(self.agent)
        message = self.say(MessageKind.OUTBOUND, text, signature, author=self.agent, is_final=True)
        first = self.ticket["first_response_at"] or signature.at
        self.save(signature, result_told_at=signature.at, first_response_at=first)
        self.log("tickets.result_told", signature, message=message["id"])
        self.mail("result", signature, message)
        self.save(signature, status="resolved", resolved_at=signature.at, due_at=None)
        self.log("tickets.resolved", signature)

    def invite(self) -> Row | None:
        """Ask for a rating unless the customer declined or was asked lately."""
        customer = self.purchase.customer
        asked = customer["last_surveyed_at"]
        pause = timedelta(days=settings.SURVEY_COOLDOWN_DAYS)
        if not customer["wants_surveys"] or (asked and asked + pause > self.at):
            return None
        self.at += timedelta(seconds=30)
        signature = self.worker(0)
        row = self.pen.add(
            CsatResponse,
            {
                "ticket_id": self.ticket["id"],
                "round": self.ticket["reopened_count"] + 1,
                "invited_at": signature.at,
                "expires_at": signature.at + timedelta(days=14),
            },
            signature,
        )
        self.pen.change(Customer, customer, {"last_surveyed_at": signature.at}, signature)
        self.happened("tickets.survey_invited", CsatResponse, row, f"{self.number} –", signature)
        self.mail("survey", signature)
        return row

    def rate(self, response: Row) -> None:
        self.wait(1, 30)
        signature = self.by_system(Source.PORTAL)
        score = self.story.csat_score
        answer = {"status": "answered", "score": score, "answered_at": signature.at}
        comment = self.story.csat_comment if self.rng.random() < 0.6 else ""
        self.pen.change(CsatResponse, response, answer | {"comment": comment}, signature)
        self.save(signature, rated_at=signature.at)
        self.happened(
            "tickets.rated",
            CsatResponse,
            response,
            f"{self.number} {score}",
            signature,
            score=score,
        )

    def expire(self, response: Row) -> None:
        """The time to rate ran out; may be long after the case was closed."""
        at = response["expires_at"] + timedelta(minutes=5)
        if at >= self.end:
            return
        signature = self.worker()._replace(at=at)
        self.pen.change(CsatResponse, response, {"status": "expired"}, signature)
        self.happened(
            "tickets.survey_expired", CsatResponse, response, f"{self.number} –", signature
        )

    def reopen(self) -> None:
        """The customer writes that it is not settled."""
        self.wait(4, 40)
        text = self.rng.choice(STILL[self.tongue])
        signature = self.by_system(Source.PORTAL)
        message = self.say(MessageKind.INBOUND, text, signature)
        self.happened(
            "tickets.message_received",
            Message,
            message,
            f"From the customer #{message['id']}",
            signature,
            channel=message["channel"],
            automatic=False,
            variant="words",
        )
        self.log("tickets.reopened", signature)
        self.save(
            signature,
            status="open",
            reopened_count=self.ticket["reopened_count"] + 1,
            resolved_at=None,
            result_told_at=None,
            rated_at=None,
            due_at=self.promise(),
            last_inbound_at=signature.at,
        )

    def close(self) -> None:
        """By the machine after the waiting time, or by the agent sooner."""
        waited = self.ticket["resolved_at"] + timedelta(days=settings.CLOSE_AFTER_DAYS, minutes=7)
        if waited < self.end and self.rng.random() < 0.7:
            self.at = max(waited, self.at)
            signature = self.by_system(Source.JOB)
        else:
            self.wait(2, 30)
            signature = self.by(self.agent)
        self.save(signature, status="closed", closed_at=signature.at)
        self.log("tickets.closed", signature)

    def cancel(self, reason: str) -> None:
        self.wait(0.3, 6)
        signature = self.by(self.agent, reason=reason)
        self.save(signature, status="canceled", due_at=None)
        self.log("tickets.canceled", signature, note=reason)

    def learn(self) -> None:
        self.wait(2, 40)
        signature = self.by(self.ground.leads["service"])
        lesson = self.rng.choice(LESSONS[self.tongue])
        self.save(signature, lesson=lesson)
        self.log("tickets.learnt", signature, note=lesson)

    # Beside the way

    def hold(self, reason: str) -> None:
        self.wait(0.2, 3)
        signature = self.by(self.agent, reason=reason)
        self.save(signature, status="on_hold")
        self.log("tickets.waiting", signature, note=reason, status="on_hold", variant="on_hold")

    def urge(self) -> None:
        self.wait(1, 12)
        signature = self.by_system(Source.PORTAL)
        values: Row = {"urged_count": self.ticket["urged_count"] + 1, "last_urged_at": signature.at}
        if self.ticket["priority"] in ("low", "normal"):
            values["priority"] = "high"
        self.save(signature, **values)
        self.log("tickets.urged", signature, note=self.story.urge, times=values["urged_count"])

    def plan(self, due: datetime, *, is_done: bool) -> None:
        """A follow-up; done ones were done before the case was closed."""
        signature = self.by(self.agent)
        kind, text = self.rng.choice(FOLLOW_UPS[self.tongue])
        row = self.pen.add(
            FollowUp,
            {
                "ticket_id": self.ticket["id"],
                "kind": kind,
                "text": text,
                "due_at": due,
                "assignee_id": self.agent["id"],
                "created_by_id": self.agent["id"],
                "created_at": signature.at,
            },
            signature,
        )
        self.save(signature)
        self.happened("tickets.follow_up_planned", FollowUp, row, text, signature, note=text)
        if is_done:
            self.wait(1, 30)
            signature = self.by(self.agent)
            outcome = OUTCOMES[self.tongue]
            done = {"status": "done", "outcome": outcome, "done_at": signature.at}
            self.pen.change(FollowUp, row, done, signature)
            self.save(signature)
            self.happened("tickets.follow_up_done", FollowUp, row, text, signature, note=outcome)

    def link_to(self, other: Life, kind: str, signature: Stamp, prior_status: str = "") -> None:
        row = self.pen.add(
            TicketLink,
            {
                "kind": kind,
                "ticket_id": self.ticket["id"],
                "target_id": other.ticket["id"],
                "prior_status": prior_status,
                "created_by_id": signature.actor_id,
                "created_at": signature.at,
            },
            signature,
        )
        words = LinkKind(kind)
        label = in_each_language(lambda: f"{self.number} {words.label} {other.number}")
        if kind != "merged":
            self.pen.event("tickets.linked", (TicketLink, row, label), signature, case=self.ticket)
            self.pen.event("tickets.linked", (TicketLink, row, label), signature, case=other.ticket)

    def merge_into(self, other: Life) -> None:
        """This case was a second call about the same thing."""
        signature = other.by(other.agent)
        prior = self.ticket["status"]
        self.save(signature, status="canceled", due_at=None)
        self.link_to(other, "merged", signature, prior)
        other.save(signature, last_inbound_at=self.ticket["last_inbound_at"])
        self.log("tickets.merged", signature, into=other.number, variant="away")
        other.log("tickets.merged", signature, source=self.number, variant="here")

    def draft(self, text: str) -> None:
        """What the agent has half written."""
        values = {"ticket_id": self.ticket["id"], "author_id": self.agent["id"], "kind": "outbound"}
        self.pen.batch[Draft].add(values | {"body": text, "updated_at": self.at})
