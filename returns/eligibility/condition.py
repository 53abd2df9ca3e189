"""Is the article intact (law.md 6.2)? The form of its category: what to look at, what breaks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from aftersales.kernel.localized import localized

GENERAL = "暂行办法 8"


@dataclass(frozen=True, slots=True)
class Question:
    """Asked at the bench; «no» leads to ``finding``, one of ``sentences.FINDINGS``."""

    code: str
    en: str
    zh: str
    finding: str
    basis: str = GENERAL

    @property
    def text(self) -> str:
        return localized(self.en, self.zh)


@dataclass(frozen=True, slots=True)
class ConditionForm:
    """The questions of one kind of goods."""

    code: str
    en: str
    zh: str
    questions: tuple[Question, ...]

    @property
    def title(self) -> str:
        return localized(self.en, self.zh)

    def findings(self, answers: Mapping[str, bool]) -> tuple[str, ...]:
        """What the answers found broken; an unanswered question raises ``KeyError``."""
        return tuple(question.finding for question in self.questions if not answers[question.code])

    def missing(self, answers: Mapping[str, bool]) -> tuple[str, ...]:
        return tuple(one.code for one in self.questions if one.code not in answers)


ALL_GOODS = (
    Question("works", "Original quality and function?", "品质、功能保持原状？", "function"),
    Question("complete", "Article and accessories complete?", "商品及配件齐全？", "incomplete"),
    Question("labels", "Trade marks and labels complete?", "商标、标识齐全？", "label"),
)
# Only a ground where it was agreed and matters; the law's lists do not name it.
CARTON = Question(
    "carton", "Agreed outer carton there?", "约定的外包装齐全？", "carton_missing", "约定"
)
SEALED_GOODS = ConditionForm(
    "sealed",
    "Food, cosmetics, medical goods",
    "食品、化妆品、医疗器械、计生用品",
    (
        Question(
            "seal",
            "One-time seal unbroken?",
            "一次性密封包装完好？",
            "seal_broken",
            "暂行办法 9(1)",
        ),
        *ALL_GOODS,
    ),
)
ELECTRONICS = ConditionForm(
    "electronics",
    "Electronics",
    "电子电器",
    (
        *ALL_GOODS,
        Question(
            "unchanged",
            "No unauthorised repair or change?",
            "未经授权的维修、改动？（无）",
            "unauthorised_change",
            "暂行办法 9(2)",
        ),
        Question(
            "marks",
            "CCC mark, label, serial number undamaged and ours?",
            "3C标志、铭牌、序列号完好且一致？",
            "marks_damaged",
            "暂行办法 9(2)",
        ),
        Question(
            "unused",
            "No lasting marks of use?",
            "无难以恢复的使用痕迹？",
            "signs_of_use",
            "暂行办法 9(2)",
        ),
        Question(
            "not_activated",
            "Not activated, no personal data left?",
            "未激活、未授权、无残留个人数据？",
            "activated",
            "暂行办法 9(2)",
        ),
    ),
)
TEXTILES = ConditionForm(
    "textiles",
    "Clothes, shoes, bags, toys, home textiles",
    "服装、鞋帽、箱包、玩具、家纺、家居",
    (
        *ALL_GOODS,
        Question(
            "tags",
            "Trade mark on, label uncut?",
            "商标未摘、标识未剪？",
            "tag_removed",
            "暂行办法 9(3)",
        ),
        Question(
            "clean", "Neither soiled nor damaged?", "未受污、未受损？", "soiled", "暂行办法 9(3)"
        ),
    ),
)
OTHER = ConditionForm("general", "Other goods", "其他商品", ALL_GOODS)
FORMS = {form.code: form for form in (SEALED_GOODS, ELECTRONICS, TEXTILES, OTHER)}

# Beginning of the shop's category → form. What is not listed is looked at by the general form.
FAMILIES = {
    "food": SEALED_GOODS,
    "health": SEALED_GOODS,
    "cosmetics": SEALED_GOODS,
    "medical": SEALED_GOODS,
    "electronics": ELECTRONICS,
    "appliances": ELECTRONICS,
    "apparel": TEXTILES,
    "shoes": TEXTILES,
    "hats": TEXTILES,
    "bags": TEXTILES,
    "toys": TEXTILES,
    "home": TEXTILES,
    "accessories": TEXTILES,
    "accessories/phone": OTHER,
}


def form_for(category: str, *, needs_carton: bool = False) -> ConditionForm:
    """The form for an article of this category: the longest known beginning of its path."""
    path = category
    while path and path not in FAMILIES:
        path = path.rpartition("/")[0]
    form = FAMILIES.get(path, OTHER)
    return replace(form, questions=(*form.questions, CARTON)) if needs_carton else form
