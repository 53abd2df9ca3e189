"""商品完好 by law.md 6.2: which answers break it, for which goods."""

from __future__ import annotations

import pytest

from returns.eligibility.condition import (
    ELECTRONICS,
    FORMS,
    OTHER,
    SEALED_GOODS,
    TEXTILES,
    ConditionForm,
    form_for,
)
from returns.eligibility.sentences import FINDINGS


def findings(form: ConditionForm, *broken: str) -> tuple[str, ...]:
    answers = {question.code: question.code not in broken for question in form.questions}
    return form.findings(answers)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_general_original_quality_function_accessories_labels_measures_8(
    form: ConditionForm,
) -> None:
    assert findings(form) == ()
    assert findings(form, "works") == ("function",)
    assert findings(form, "complete") == ("incomplete",)
    assert findings(form, "labels") == ("label",)


def test_food_cosmetics_medical_goods_break_with_their_seal_measures_9_1() -> None:
    assert findings(SEALED_GOODS, "seal") == ("seal_broken",)


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        ("unchanged", "unauthorised_change"),
        ("marks", "marks_damaged"),
        ("unused", "signs_of_use"),
        ("not_activated", "activated"),
    ],
)
def test_electronics_break_with_change_marks_use_activation_measures_9_2(
    answer: str, finding: str
) -> None:
    assert findings(ELECTRONICS, answer) == (finding,)


@pytest.mark.parametrize(("answer", "finding"), [("tags", "tag_removed"), ("clean", "soiled")])
def test_clothes_shoes_bags_toys_break_with_tag_or_soil_measures_9_3(
    answer: str, finding: str
) -> None:
    assert findings(TEXTILES, answer) == (finding,)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_outer_carton_and_opened_packing_are_no_ground_measures_8(form: ConditionForm) -> None:
    """«Packing opened to inspect: still intact»: no form asks for packing or carton."""
    asked = {question.finding for question in form.questions}

    assert "carton_missing" not in asked
    assert not any("opened" in question.code for question in form.questions)


def test_outer_carton_is_asked_for_where_it_was_agreed() -> None:
    agreed = form_for("electronics/phones", needs_carton=True)

    assert findings(agreed, "carton") == ("carton_missing",)


def test_every_finding_of_a_form_has_words_in_both_languages() -> None:
    asked = {question.finding for form in FORMS.values() for question in form.questions}

    assert asked <= set(FINDINGS)


@pytest.mark.parametrize(
    ("category", "form"),
    [
        ("electronics/phones", ELECTRONICS),
        ("apparel/jackets", TEXTILES),
        ("shoes", TEXTILES),
        ("cosmetics/creams", SEALED_GOODS),
        ("accessories/phone", OTHER),
        ("accessories/bags", TEXTILES),
        ("garden/tools", OTHER),
        ("", OTHER),
    ],
)
def test_category_finds_its_form(category: str, form: ConditionForm) -> None:
    assert form_for(category) is form


def test_unanswered_question_is_missing() -> None:
    assert OTHER.missing({"works": True}) == ("complete", "labels")
