"""What one mail becomes. From is a claim; a mail speaks as a customer or not at all.

It joins a case only with our HMAC in its references and a participant as sender. Everything a
machine wrote ends without an answer of ours, so that two machines cannot feed each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated, Text, lazily
from aftersales.kernel.masking import mask_contacts
from aftersales.kernel.refs import in_each_language
from customers.contacts import normalize
from customers.models import ContactChannel, ContactPoint, Customer, Shop
from customers.services import identify_customer
from customers.services.identity import standing
from staff.models import User
from tickets.choices import Channel
from tickets.language import detect
from tickets.links import ticket_of_mail_id
from tickets.mail.classify import Classification, MailClass, classify_mail
from tickets.mail.parse import ParsedMail, parse_mail
from tickets.mail.reply import split_reply
from tickets.models import OutboundMail, Ticket
from tickets.services.bounces import came_back
from tickets.services.conversation import note as write_note
from tickets.services.files import NewFile
from tickets.services.intake.keeping import MOST_TEXT, keep_files, order_named_in
from tickets.services.intake.verdicts import (
    Verdict,
    has_enough_cases,
    has_enough_messages,
    is_first_message,
)
from tickets.services.opening import (
    NewCase,
    Words,
    landing,
    open_with_words,
    receive_message,
)
from tickets.statuses import IntakeOutcome

MOST_RECIPIENTS = 100
MOST_OF_BOUNCE = 4_000
RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to")
CASE_NUMBER = re.compile(r"\bT-(\d{6,10})\b", re.I)
NO_REPLY = re.compile(r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|notifications?|mailer)\b", re.I)
DOUBT = _(
    "The sender claims that this concerns %(case)s. That is not proven: compare both"
    " and link them if it is true."
)
CUT = _("The text is longer than a case holds; the whole is in the incoming mail.")
NOT_BACK = _("A mail host reports on our mail; it has not come back.")
OWN_ADDRESS = ("From: own address", "Sender: own address")


def judge_mail(raw: bytes, actor: User) -> Verdict:
    """The outcome of a raw mail; whatever it makes is in the caller's transaction."""
    if len(raw) > settings.MAIL_MAX_BYTES:
        limit = settings.MAIL_MAX_BYTES // 1024 // 1024
        told = lazily(lambda: gettext("Larger than %(limit)s MB.") % {"limit": limit})
        return quarantined(head_of(raw), told)
    mail = parse_mail(raw)
    found = classify_mail(mail, own_addresses())
    return RULES[found.kind](mail, found, actor)


def head_of(raw: bytes) -> ParsedMail:
    """The mail's header alone, cheap at any size."""
    end = re.search(rb"\r?\n\r?\n", raw[:262_144])
    return parse_mail(raw[: end.end() if end else 262_144])


def is_same_mail(one: bytes, other: bytes) -> bool:
    """Whether two raw mails say the same: sender, subject, words and files."""
    first, second = parse_mail(one), parse_mail(other)
    is_whole = not (first.is_text_cut or second.is_text_cut)
    return is_whole and said_in(first) == said_in(second)


def said_in(mail: ParsedMail) -> tuple[object, ...]:
    return mail.from_address, mail.subject, mail.text, files_of(mail)


def own_addresses() -> set[str]:
    """Mailboxes of the desk: nobody writes to us from there."""
    shops = Shop.objects.exclude(support_mail="").values_list("support_mail", flat=True)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return {address.lower() for address in (sender, *shops)}


def verdict(outcome: IntakeOutcome, mail: ParsedMail, reason: Text) -> Verdict:
    return Verdict(outcome=outcome, reason=reason, sender=mail.from_address, subject=mail.subject)


def quarantined(mail: ParsedMail, reason: Text) -> Verdict:
    return verdict(IntakeOutcome.QUARANTINED, mail, reason)


def judge_machine(mail: ParsedMail, found: Classification, actor: User) -> Verdict:
    """Lists, receipts, complaints, our own mails coming back: kept, not answered."""
    if found.reason in OWN_ADDRESS:
        return quarantined(mail, _("The sender is our own address."))
    return verdict(
        IntakeOutcome.IGNORED, mail, f"{in_each_language(KINDS[found.kind].__str__)} {found.reason}"
    )


def judge_bounce(mail: ParsedMail, found: Classification, actor: User) -> Verdict:
    """A mail of ours came back: the case says so, nobody is asked again. A report of delay or
    success is none."""
    ids = [mail.in_reply_to, *mail.references, *mail.nested_message_ids]
    ours = OutboundMail.objects.filter(mail_id__in=[f"<{one}>" for one in ids if one])
    back = ours.order_by("-id").first()
    if back is None:
        return judge_machine(mail, found, actor)
    if mail.delivery_actions and "failed" not in mail.delivery_actions:
        return about_ours(mail, back, NOT_BACK)
    said = " ".join(mail.text[:MOST_OF_BOUNCE].split()) or mail.subject
    came_back(back.pk, actor=actor, note=mask_contacts(said)[:400])
    return about_ours(mail, back, _("Our mail to this case came back."))


def about_ours(mail: ParsedMail, ours: OutboundMail, reason: Text) -> Verdict:
    return replace(verdict(IntakeOutcome.IGNORED, mail, reason), ticket=ours.ticket)


def judge_auto_reply(mail: ParsedMail, found: Classification, actor: User) -> Verdict:
    """An absence notice stands on the case it answers, as automatic; it opens nothing."""
    ticket = threaded_ticket(mail)
    if ticket is None or not is_participant(mail.from_address, ticket):
        return judge_machine(mail, found, actor)
    return join(mail, ticket, actor, is_automatic=True)


def judge_person(mail: ParsedMail, found: Classification, actor: User) -> Verdict:
    """A mail without any sign of a machine: on its case, a new case, or a person decides."""
    if doubt := doubt_about(mail):
        return quarantined(mail, doubt)
    ticket = threaded_ticket(mail)
    if ticket is not None and is_participant(mail.from_address, ticket):
        return join(mail, ticket, actor, is_automatic=False)
    if has_enough_cases(customer_at(mail.from_address), Channel.MAIL):
        return quarantined(mail, _("Too many cases from this sender within an hour."))
    claimed = ticket.number if ticket else claimed_number(mail)
    return begin(mail, actor, claimed)


def doubt_about(mail: ParsedMail) -> Text:
    """Why no case is made of it by itself; '' when nothing speaks against it."""
    if not mail.from_address:
        return _("No sender address.")
    try:
        normalize(ContactChannel.EMAIL, mail.from_address)
    except RuleViolated:
        return _("The sender's address is not a mail address.")
    if not mail.text.strip() and not mail.subject.strip() and not mail.attachments:
        return _("The mail is empty.")
    if mail.recipient_count > MOST_RECIPIENTS:
        count = {"count": mail.recipient_count}
        return lazily(lambda: gettext("Sent to %(count)s people at once.") % count)
    if NO_REPLY.match(mail.from_address):
        # A confirmation link sent to a support address opens doors elsewhere ("ticket trick").
        return _("Sent by a machine that takes no answers; it may hold confirmation links.")
    return ""


def threaded_ticket(mail: ParsedMail) -> Ticket | None:
    """The case whose Message-ID, with our HMAC, this mail answers; bare numbers prove nothing."""
    for one in (mail.in_reply_to, *reversed(mail.references)):
        ticket_id = ticket_of_mail_id(f"<{one}>")
        if ticket_id is not None and ticket_id < 2**63:
            return Ticket.objects.select_related("customer").filter(pk=ticket_id).first()
    return None


def customer_at(address: str) -> Customer | None:
    """The standing customer with this mail address, without adding anybody."""
    point = (
        ContactPoint.objects.filter(channel=ContactChannel.EMAIL, address=address.strip().lower())
        .select_related("customer")
        .first()
    )
    return standing(point.customer) if point else None


def is_participant(address: str, ticket: Ticket) -> bool:
    """Whether the address belongs to the customer of the case."""
    sender = customer_at(address)
    return (
        sender is not None
        and ticket.customer is not None
        and standing(ticket.customer).pk == sender.pk
    )


def claimed_number(mail: ParsedMail) -> str:
    """A case number the subject names, if there is such a case."""
    match = CASE_NUMBER.search(mail.subject)
    number = f"T-{match[1]}" if match else ""
    return number if number and Ticket.objects.filter(number=number).exists() else ""


def join(mail: ParsedMail, ticket: Ticket, actor: User, *, is_automatic: bool) -> Verdict:
    """Put the words on the case; the services decide about reopening and continuing."""
    if has_enough_messages(landing(ticket)):
        return quarantined(mail, _("Too many mails on this case within an hour."))
    new, quoted = split_reply(mail.text)
    message = receive_message(
        ticket.pk,
        Words(
            body=body_of(new, mail)[:MOST_TEXT],
            channel=Channel.MAIL,
            quoted=quoted.strip("\n")[:MOST_TEXT],
            author_name=author_of(mail),
            is_automatic=is_automatic,
        ),
        actor=actor,
    )
    keep_files(message, files_of(mail), actor=actor, cut=cut_note(mail, new))
    is_new = is_first_message(message)
    return Verdict(
        outcome=IntakeOutcome.TICKET if is_new else IntakeOutcome.MESSAGE,
        reason=_("Continues a finished case.") if is_new else "",
        sender=mail.from_address,
        subject=mail.subject,
        ticket=message.ticket,
        message=message,
    )


def begin(mail: ParsedMail, actor: User, claimed: str) -> Verdict:
    """Open a case for the sender; one that names another case says so and is not joined to it."""
    shop = shop_of(mail)
    customer = identify_customer(
        ContactChannel.EMAIL,
        mail.from_address,
        actor=actor,
        name=author_of(mail) if mail.from_name else "",
        language=detect(f"{mail.subject}\n{mail.text[:5000]}", shop),
        shop=shop,
    )
    body = body_of(mail.text, mail)
    message = open_with_words(
        NewCase(
            subject=mail.subject if len(mail.subject.strip()) > 1 else body[:80],
            body=body[:MOST_TEXT],
            channel=Channel.MAIL,
            customer=customer,
            order=order_named_in(f"{mail.subject}\n{mail.text}", customer),
            shop=shop,
            author_name=author_of(mail),
        ),
        actor=actor,
    )
    keep_files(message, files_of(mail), actor=actor, cut=cut_note(mail, mail.text))
    if claimed:
        doubt = in_each_language(lambda: DOUBT % {"case": claimed})
        write_note(message.ticket_id, actor=actor, body=doubt)
    return Verdict(
        outcome=IntakeOutcome.TICKET,
        reason=lazily(lambda: gettext("Claims to concern %(case)s.") % {"case": claimed})
        if claimed
        else "",
        sender=mail.from_address,
        subject=mail.subject,
        ticket=message.ticket,
        message=message,
    )


def body_of(text: str, mail: ParsedMail) -> str:
    """What is shown as said: the text, else the subject, else that there are only files."""
    for words in (text.strip(), mail.subject.strip()):
        if len(words) > 1:
            return words
    return in_each_language(lambda: gettext("(no text)"))


def cut_note(mail: ParsedMail, text: str) -> Text:
    is_cut = mail.is_text_cut or len(text) > MOST_TEXT
    return CUT if is_cut else ""


def author_of(mail: ParsedMail) -> str:
    return " ".join((mail.from_name or mail.from_address).split())[:120]


def files_of(mail: ParsedMail) -> list[NewFile]:
    return [NewFile(one.filename, one.content) for one in mail.attachments]


def shop_of(mail: ParsedMail) -> Shop | None:
    """The shop whose support address the mail was sent to."""
    named = [one.address for one in (*mail.to, *mail.cc)]
    named += [mail.header(name).strip("<> ") for name in RECIPIENT_HEADERS]
    wanted = {address.lower() for address in named if address}
    shops = Shop.objects.filter(is_active=True).exclude(support_mail="")
    return next((shop for shop in shops if shop.support_mail.lower() in wanted), None)


KINDS: dict[MailClass, Text] = {
    MailClass.BOUNCE: _("Returned mail, none of ours:"),
    MailClass.AUTO_REPLY: _("Automatic reply to no case:"),
    MailClass.FEEDBACK_REPORT: _("Spam report:"),
    MailClass.READ_RECEIPT: _("Read receipt:"),
    MailClass.BULK: _("Bulk mail:"),
    MailClass.OWN_LOOP: _("Our own mail:"),
}
RULES: dict[MailClass, Callable[[ParsedMail, Classification, User], Verdict]] = {
    MailClass.NORMAL: judge_person,
    MailClass.AUTO_REPLY: judge_auto_reply,
    MailClass.BOUNCE: judge_bounce,
    MailClass.FEEDBACK_REPORT: judge_machine,
    MailClass.READ_RECEIPT: judge_machine,
    MailClass.BULK: judge_machine,
    MailClass.OWN_LOOP: judge_machine,
}
