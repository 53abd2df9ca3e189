"""Search finds what was said, in both languages, and nothing out of scope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets import search
from tickets.models import Ticket
from tickets.services import conversation
from tickets.services.opening import Words, receive_message

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x4FFF), min_size=2)


@given(HAN, st.data())
def test_every_piece_of_a_chinese_text_is_among_its_tokens(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    piece = text[start:end]

    wanted = {piece[i : i + 2] for i in range(len(piece) - 1)}

    assert wanted <= set(search.tokens(text))


@given(st.text(max_size=80))
def test_any_input_makes_a_query_that_cannot_break_out(text: str) -> None:
    query = search.tsquery(text)

    assert query.count("'") % 2 == 0
    assert not query.startswith("&")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("袖子", True),
        ("袖子破了", True),
        ("破", True),
        ("子袖", False),
        ("JACKET", True),
        ("jack", False),
        ("sf-10", True),
        ("a'b", False),
        ("!!!", False),
    ],
)
def test_search_in_chinese_and_english(query: str, hit: bool) -> None:
    ticket = make_ticket(subject="外套的袖子破了", body="My jacket, parcel SF-10, is torn")

    found = list(search.matching(Ticket.objects.all(), query))

    assert found == ([ticket] if hit else [])


@pytest.mark.django_db
def test_search_finds_later_words_and_notes_within_scope_only() -> None:
    agent = make_user()
    stranger = make_user(Role.AGENT, department=make_department("elsewhere"))
    ticket = make_ticket(agent)
    conversation.note(ticket.pk, actor=agent, body="批次七有问题")

    assert list(search.matching(Ticket.objects.visible_to(agent), "批次")) == [ticket]
    assert list(search.matching(Ticket.objects.visible_to(stranger), "批次")) == []


@pytest.mark.django_db
def test_common_words_take_the_other_plan_with_the_same_result(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    tickets = [make_ticket() for _ in range(3)]
    monkeypatch.setattr(search, "COUNT_CAP", 2)

    assert set(search.matching(Ticket.objects.all(), "jacket")) == set(tickets)


@pytest.mark.django_db
def test_case_that_is_full_of_words_goes_on_taking_messages() -> None:
    """A vector ends at 1 MB; here ten messages would fill more."""
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)

    for said in range(14):
        words = [f"{said:02d}{number:03d}".translate(LETTERS) + "ж" * 55 for number in range(800)]
        receive_message(ticket.pk, Words(body=" ".join(words), channel="mail"), actor=lead)

    assert ticket.messages.count() == 15
    first = "00000".translate(LETTERS) + "ж" * 55
    assert list(search.matching(Ticket.objects.all(), first)) == [ticket]


LETTERS = str.maketrans("0123456789", "абвгдеийкл")
