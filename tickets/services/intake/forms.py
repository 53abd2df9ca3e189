"""The door for words typed into a form or sent to the API: checked, stored as JSON, then handled.

    receipt = receive_form(Form(subject=…, body=…, email=…, token=form_nonce), actor=system_actor())
    receipt.ticket    # the case, also for a form sent twice (outcome ``duplicate``)

What a person can mend is refused before anything is stored (``RuleViolated`` naming the field).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated, require
from customers.contacts import normalize
from customers.models import ContactChannel, Shop
from staff.models import Language, User
from tickets import files
from tickets.choices import Channel, Kind, Remedy
from tickets.policies import can_create
from tickets.services.files import NewFile, check_size, clean_name
from tickets.services.intake.door import Arrival, Receipt, receive
from tickets.services.intake.mail import own_addresses
from tickets.services.shared import require_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a form holds, all text. The same words under the same ``token``, the form's nonce, are
    one case, other words another; without it the same words on one day are one. ``external_id`` is
    the caller's own number: one case, unless a token is given."""

    subject: str
    body: str
    kind: str = Kind.CONSULTATION
    name: str = ""
    email: str = ""
    phone: str = ""
    order_number: str = ""
    shop: str = ""
    language: str = ""
    requested_remedy: str = ""
    external_id: str = ""
    token: str = ""


def receive_form(
    form: Form,
    *,
    actor: User,
    channel: str = Channel.WEB,
    uploads: Sequence[NewFile] = (),
) -> Receipt:
    """Take a form in; raises ``RuleViolated`` for what the sender can mend, with nothing stored.

    Must not run inside a transaction. The case is opened as ``actor``, for a public page the
    machine.
    """
    require(can_create(actor))
    check(form, uploads)
    said = {field.name: getattr(form, field.name) for field in fields(form)}
    kept = [{"name": clean_name(one.name), "sha256": files.put(one.content)} for one in uploads]
    words = said | {"files": kept, "actor": actor.pk, "channel": channel}
    if not form.token:
        words["day"] = now().date().isoformat()
    raw = json.dumps(words, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    own_number = "" if form.token else form.external_id
    return receive(
        Arrival(
            channel=channel,
            raw=raw,
            external_id=f"{actor.pk}:{own_number}" if own_number else "",
            sender=form.email or form.phone,
            subject=form.subject,
        ),
        actor=actor,
    )


def check(form: Form, uploads: Sequence[NewFile]) -> None:
    """Everything the handler would refuse, said while the sender is still there."""
    require_text(form.body, "body")
    if form.email and normalize(ContactChannel.EMAIL, form.email) in own_addresses():
        # Or each answer would come back to us instead of to a person.
        raise RuleViolated("own_address", _("This is our own address."), field="email")
    if form.phone:
        normalize(ContactChannel.PHONE, form.phone)
    for field, value, known in (
        ("kind", form.kind, Kind.values),
        ("requested_remedy", form.requested_remedy, ["", *Remedy.values]),
        ("language", form.language, ["", *Language.values]),
    ):
        if value not in known:
            raise RuleViolated("unknown_choice", _("Not one of the choices."), field=field)
    if form.shop and not Shop.objects.filter(code=form.shop, is_active=True).exists():
        raise RuleViolated("unknown_shop", _("Unknown shop."), field="shop")
    if len(form.external_id) > 100 or len(form.token) > 200:
        raise RuleViolated("too_long", _("This number is too long."), field="external_id")
    for one in uploads:
        check_size(one)
