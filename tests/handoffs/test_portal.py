"""The outsider's page: one leg, in their language, without script or account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aftersales.kernel.clock import now
from aftersales.kernel.context import Source, entering
from compliance.models import AuditEvent
from compliance.services import record
from handoffs.models import Handoff
from handoffs.services import party_links, sending
from handoffs.services.sending import Outsider
from handoffs.statuses import HandoffStatus as H
from staff.models import User
from staff.services import system_actor
from tests.factories.handoffs import make_handoff, make_template
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.portal_page import form_token, text_of
from tickets.announcements import case_url
from tickets.services.files import NewFile, add_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def giver() -> User:
    """Somebody who asks; the machine that answers for outsiders is there already."""
    system_actor()
    return make_user()


def ask(giver: User, **given: Any) -> Handoff:
    return make_handoff(make_ticket(giver), giver, "external", **given)


def page_of(leg: Handoff, giver: User) -> str:
    return urlsplit(party_links.give_party_link(leg.pk, actor=giver)).path


def answer(client: Client, page: str, **data: Any) -> Any:
    given = {"form_token": form_token(), "said_by": "Mr. Wang", "text": "It is lost."} | data
    return client.post(f"{page}answer/", given)


def test_page_shows_the_question_and_nothing_else_of_the_case(client: Client, giver: User) -> None:
    ticket = make_ticket(giver)
    shared = add_file(ticket.pk, NewFile("label.txt", b"label"), actor=giver)
    add_file(ticket.pk, NewFile("private.txt", b"private"), actor=giver)
    leg = make_handoff(ticket, giver, "external", files=(shared.pk,))

    response = client.get(page_of(leg, giver))
    page = text_of(response)

    assert response.status_code == 200
    assert "Where is the parcel?" in page
    assert "label.txt" in page
    for hidden in (
        "private.txt",
        ticket.number,
        "Jacket arrived torn",
        "sleeve",
        ticket.customer.name,
    ):
        assert hidden not in page
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "script" not in response.content.decode().lower()
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_page_speaks_the_outsiders_language_or_the_one_chosen(client: Client, giver: User) -> None:
    leg = ask(giver, outsider=Outsider(name="顺丰", language="zh-hans"))
    page = page_of(leg, giver)

    assert 'lang="zh-hans"' in client.get(page).content.decode()
    assert 'lang="en"' in client.get(page, {"lang": "en"}).content.decode()


def test_answer_with_files_stands_in_the_name_given(client: Client, giver: User) -> None:
    leg = ask(giver)
    page = page_of(leg, giver)

    response = answer(client, page, uploads=[SimpleUploadedFile("proof.txt", b"lost in Wuhan")])

    assert (response.status_code, response.url) == (302, page)
    leg.refresh_from_db()
    assert (leg.status, leg.answer, leg.answered_for) == (
        H.ANSWERED,
        "It is lost.",
        "Mr. Wang (SF Express)",
    )
    (file,) = leg.files.all()
    assert (file.attachment.file_name, file.attachment.is_internal) == ("proof.txt", True)
    event = AuditEvent.objects.get(code="handoffs.answered")
    assert (event.source, event.actor_name) == ("portal", "System (system)")
    shown = text_of(client.get(page))
    assert "We have your answer. Thank you." in shown
    got = client.get(f"{page}files/{file.pk}/")
    assert (got.content, got.headers["Content-Type"]) == (
        b"lost in Wuhan",
        "application/octet-stream",
    )


def test_case_names_the_outsider_and_the_machine_where_it_goes_on_by_itself(
    client: Client, giver: User
) -> None:
    leg = ask(giver, template=make_template("ask", "external", pauses_case=True))
    answer(client, page_of(leg, giver))

    client.force_login(giver, backend="staff.backends.RoleBackend")
    page = " ".join(text_of(client.get(case_url(leg.ticket))).split())

    assert "Hand-over answered · Mr. Wang (SF Express)" in page
    assert "Work resumed · System" in page
    assert "· Customer" not in page


def test_what_the_machine_judged_on_the_status_page_is_not_said_by_an_outsider(
    client: Client, giver: User
) -> None:
    ticket = make_ticket(giver)
    with entering(Source.PORTAL):
        data = {"by": "rule"}
        record("returns.sent_to_review", ticket, actor=system_actor(), case=ticket, data=data)

    client.force_login(giver, backend="staff.backends.RoleBackend")
    page = " ".join(text_of(client.get(case_url(ticket))).split())

    assert "Return given to a person to look at · Customer" in page


def test_same_answer_twice_is_one_answer(client: Client, giver: User, snapshot: Any) -> None:
    page = page_of(ask(giver), giver)
    answer(client, page)
    before = snapshot()

    response = client.post(
        f"{page}answer/",
        {"form_token": form_token(), "said_by": "Mr. Wang", "text": "It is lost."},
        follow=True,
    )

    assert "We have your answer already." in text_of(response)
    assert snapshot() == before


def test_outsider_asks_back_and_answers_what_was_given(client: Client, giver: User) -> None:
    leg = ask(giver)
    page = page_of(leg, giver)
    given = {"form_token": form_token(), "said_by": "Mr. Wang", "note": "Which parcel?"}

    client.post(f"{page}ask-back/", given)

    assert Handoff.objects.get().status == H.RETURNED
    assert "We are gathering what you need to know" in text_of(client.get(page))
    sending.resend_handoff(leg.pk, actor=giver, note="It is SF100.")
    assert "It is SF100." in text_of(client.get(page))
    answer(client, page)
    assert [turn.by_name for turn in leg.turns.all()] == [
        "",
        "Mr. Wang (SF Express)",
        "",
        "Mr. Wang (SF Express)",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": ""}, "This field is required."),
        ({"said_by": ""}, "This field is required."),
        ({"form_token": "forged"}, "This page was open for a long time."),
        ({"answer_accepts": "perhaps"}, "Select a valid choice."),
        ({"answer_count": "many"}, "“Count”: not a number."),
        ({"answer_accepts": ""}, "This field is required."),
    ],
)
def test_bad_answer_is_shown_again_with_what_was_typed(
    client: Client, giver: User, snapshot: Any, data: dict[str, str], said: str
) -> None:
    leg = ask(giver)
    texts = {"help": "", "help_zh": "", "choices": []}
    leg.answer_fields = [
        {"name": "accepts", "type": "boolean", "label": "Accepts", "label_zh": "同意"}
        | texts
        | {"required": True},
        {"name": "count", "type": "number", "label": "Count", "label_zh": "数量"}
        | texts
        | {"required": False},
    ]
    leg.save()
    page = page_of(leg, giver)
    before = snapshot()

    response = answer(client, page, **({"answer_accepts": "0", "answer_count": "3"} | data))

    assert response.status_code == 422
    assert said in text_of(response)
    assert data.get("text") == "" or "It is lost." in response.content.decode()
    assert snapshot() == before


def test_wrong_expired_and_revoked_links_are_the_same_to_the_outside(
    client: Client, giver: User, snapshot: Any
) -> None:
    leg = ask(giver)
    page = page_of(leg, giver)
    with time_machine.travel(now() + timedelta(days=settings.PARTY_LINK_DAYS), tick=False):
        expired = client.get(page)
    party_links.revoke_party_links(leg.pk, actor=giver, note="wrong firm")
    before = snapshot()
    answers = [
        expired,
        client.get(page),
        client.get("/h/forged/"),
        answer(client, page),
        client.post(f"{page}ask-back/", {"note": "Which?"}),
        client.get(f"{page}files/1/"),
    ]

    assert {response.status_code for response in answers} == {404}
    assert {"This link does not work" in text_of(response) for response in answers} == {True}
    assert snapshot() == before


def test_files_of_another_leg_are_not_found(client: Client, giver: User) -> None:
    ticket = make_ticket(giver)
    own = make_handoff(ticket, giver, "external")
    other = make_handoff(ticket, giver, "external", files=(NewFile("a.txt", b"a"),))

    page = page_of(own, giver)

    assert client.get(f"{page}files/{other.files.get().pk}/").status_code == 404


@pytest.mark.parametrize(("act", "anchor"), [("answer/", "#answer"), ("ask-back/", "#ask-back")])
def test_refused_words_stand_at_their_form_and_the_language_link_leads_back(
    client: Client, giver: User, act: str, anchor: str
) -> None:
    page = page_of(ask(giver), giver)

    refused = client.post(page + act, {"form_token": form_token(), "text": ""})

    assert refused.status_code == 422
    assert f'action="{page}{act}{anchor}"' in refused.content.decode()
    assert f'id="{anchor[1:]}"' in refused.content.decode()
    assert 'role="alert"' in refused.content.decode()
    assert f'class="language" href="{page}?lang=' in refused.content.decode()


def test_page_is_slowed_down_per_link(client: Client, giver: User) -> None:
    page = page_of(ask(giver), giver)
    cache.clear()

    with time_machine.travel(now(), tick=False):
        codes = [answer(client, page, text="").status_code for _ in range(21)]

    assert codes == [422] * 20 + [429]
