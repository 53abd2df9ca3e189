"""Forms as data: what a template may say, what an answer must be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from aftersales.kernel.errors import RuleViolated
from handoffs.fields import check_fields, clean_answers, shown_answers

TEXT = {"name": "sku", "type": "text", "label": "Article", "label_zh": "商品"}
CHOICE = {
    "name": "finding",
    "type": "choice",
    "label": "Finding",
    "label_zh": "结果",
    "choices": [["lost", "Lost", "丢失"], ["ok", "Fine", "正常"]],
}


def full(*fields: dict[str, Any]) -> list[dict[str, Any]]:
    return check_fields(list(fields), at="ask_fields")


def of_type(kind: str, **more: Any) -> list[dict[str, Any]]:
    return full(TEXT | {"type": kind} | more)


def test_field_is_completed() -> None:
    assert full(TEXT) == [
        {
            "name": "sku",
            "type": "text",
            "required": False,
            "choices": [],
            "label": "Article",
            "label_zh": "商品",
            "help": "",
            "help_zh": "",
        }
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Give a list of at most 20 fields."),
        ([TEXT] * 21, "Give a list of at most 20 fields."),
        (["x"], "Field “1”: not an object."),
        ([TEXT | {"name": "A b"}], "a name is small letters, digits and underscores."),
        ([TEXT | {"name": 7}], "a name is small letters, digits and underscores."),
        ([TEXT | {"max": 3}], "Field “sku”: unknown: max."),
        ([TEXT | {"type": "color"}], "choose a type: text, number, date"),
        ([TEXT | {"label_zh": ""}], "a label in both languages is missing."),
        ([TEXT | {"label": "x" * 201}], "labels and help are short texts."),
        ([TEXT | {"required": 1}], "required is true or false."),
        ([TEXT, TEXT], "this name is used twice."),
        ([TEXT | {"choices": [["a", "A", "A"]]}], "only a choice has choices."),
        ([CHOICE | {"choices": []}], "choices are lists of code, English, Chinese."),
        ([CHOICE | {"choices": [["a", "A"]]}], "choices are lists of code, English, Chinese."),
        ([CHOICE | {"choices": [["a", "A", "甲"]] * 2}], "a code of a choice is used twice."),
    ],
)
def test_bad_field_is_refused_by_name_and_rule(fields: Any, message: str) -> None:
    with pytest.raises(RuleViolated) as refusal:
        check_fields(fields, at="ask_fields")

    assert message in str(refusal.value)
    assert refusal.value.field == "ask_fields"


@pytest.mark.parametrize(
    ("fields", "given", "kept"),
    [
        (of_type("text"), " A1\x00 ", "A1"),
        (of_type("number"), "12.50", "12.5"),
        (of_type("number"), 100, "100"),
        (of_type("number"), "-2.5", "-2.5"),
        (of_type("number"), "0.000000000001", "0.000000000001"),
        (of_type("count"), " 3 ", "3"),
        (of_type("count"), 0, "0"),
        (of_type("count"), "2.0", "2"),
        (of_type("date"), "2026-03-01", "2026-03-01"),
        (of_type("date"), date(2026, 3, 1), "2026-03-01"),
        (of_type("boolean"), False, False),
        (full(CHOICE | {"name": "sku"}), "lost", "lost"),
        (of_type("file"), 7, 7),
    ],
)
def test_answer_is_kept_as_plain_json(fields: Any, given: Any, kept: Any) -> None:
    assert clean_answers(fields, {"sku": given}) == {"sku": kept}


@pytest.mark.parametrize(
    ("fields", "given", "message"),
    [
        (of_type("text", required=True), {"sku": ""}, "“Article” is missing."),
        (of_type("text", required=True), {}, "“Article” is missing."),
        (of_type("text", required=True), {"sku": "\n\n"}, "“Article” is missing."),
        (of_type("text", required=True), {"sku": "\x00"}, "“Article” is missing."),
        (of_type("text", required=True), {"sku": " \x00 "}, "“Article” is missing."),
        (of_type("text"), {"other": "x"}, "This form has no field “other”."),
        (of_type("text"), {"sku": 5}, "“Article”: a text of at most 2000 characters."),
        (of_type("text"), {"sku": "x" * 2001}, "“Article”: a text of at most 2000 characters."),
        (of_type("number"), {"sku": "many"}, "“Article”: not a number."),
        (of_type("number"), {"sku": "NaN"}, "“Article”: not a number."),
        (of_type("number"), {"sku": "1e999999"}, "“Article”: not a number."),
        (of_type("number"), {"sku": "1e-999999"}, "“Article”: not a number."),
        (of_type("number"), {"sku": "0.0000000000001"}, "“Article”: not a number."),
        (of_type("number"), {"sku": True}, "“Article”: not a number."),
        (of_type("count"), {"sku": "-1"}, "“Article”: a whole number, 0 or more."),
        (of_type("count"), {"sku": "1.5"}, "“Article”: a whole number, 0 or more."),
        (of_type("count"), {"sku": "-0"}, "“Article”: a whole number, 0 or more."),
        (of_type("date"), {"sku": "01.03.2026"}, "“Article”: a date is written 2026-03-01."),
        (of_type("boolean"), {"sku": "yes"}, "“Article”: yes or no."),
        (full(CHOICE), {"finding": "stolen"}, "“Finding”: not one of the choices."),
        (full(CHOICE), {"finding": ["lost"]}, "“Finding”: not one of the choices."),
    ],
)
def test_bad_answer_is_refused_by_field_and_rule(
    fields: Any, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(RuleViolated) as refusal:
        clean_answers(fields, given)

    assert str(refusal.value) == message
    assert refusal.value.field == next(iter(given), "sku")


def test_optional_answer_of_blanks_is_none() -> None:
    assert clean_answers(of_type("text"), {"sku": "\n\x00"}) == {}


def test_answers_are_shown_in_the_readers_language() -> None:
    fields = full(TEXT, CHOICE, TEXT | {"name": "fine", "type": "boolean", "label": "Fine"})
    answers = {"sku": "A1", "finding": "lost", "fine": True}

    assert shown_answers(fields, answers) == [
        ("Article", "A1"),
        ("Finding", "Lost"),
        ("Fine", "Yes"),
    ]
    with translation.override("zh-hans"):
        assert shown_answers(fields, answers)[:2] == [("商品", "A1"), ("结果", "丢失")]
