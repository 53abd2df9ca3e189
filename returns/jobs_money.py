"""Background work of money: load by id, call services, return. Each may run twice.

The network is called here, between two services, so that no transaction is open meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

from aftersales.kernel import jobs
from aftersales.kernel.errors import DomainError, InvalidTransition
from aftersales.kernel.failures import in_words, technical
from returns.gateways import Answer, Instruction, gateway_of
from returns.models import Refund
from returns.money_choices import Outcome
from returns.services.money import sending
from staff.services import system_actor


def send_refund(refund_id: int) -> None:
    """Send one approved refund: claim, call, record."""
    _talk(refund_id, sending.claim_refund, "send")


def resolve_refund(refund_id: int) -> None:
    """Ask what became of a sent refund and act on the proof; never guesses."""
    _talk(refund_id, sending.begin_query, "query")


def _talk(refund_id: int, begin: Callable[..., Instruction | None], verb: str) -> None:
    actor = system_actor()
    try:
        instruction = begin(refund_id, actor=actor)
    except (DomainError, Refund.DoesNotExist):
        return
    while instruction is not None:
        answer = call(verb, instruction)
        try:
            instruction = sending.record_answer(
                refund_id, instruction.attempt_id, answer, actor=actor
            )
        except InvalidTransition:
            return
        verb = "send"


def call(verb: str, instruction: Instruction) -> Answer:
    """One call with no transaction open; a gateway that raises has proven nothing."""
    gateway = gateway_of(instruction.gateway)
    ask = {"send": gateway.send, "query": gateway.query}[verb]
    try:
        return ask(instruction)
    except Exception as problem:
        return Answer(Outcome.UNKNOWN, technical(problem)[:300], in_words(problem))


def register_all() -> None:
    jobs.register("returns.send_refund", send_refund)
    jobs.register("returns.resolve_refund", resolve_refund)
