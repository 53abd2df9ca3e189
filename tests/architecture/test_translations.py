"""Every word a person reads exists in Chinese, with the same blanks to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.db.models import Choices
from django.utils.translation import override, templatize

from aftersales.kernel.audited import AuditedModel
from compliance import events
from tests.architecture.source import PACKAGES, ROOT, our_apps

PO_FILE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLAIN = ("_", "gettext", "gettext_lazy", "gettext_noop")
PLURAL = ("ngettext", "ngettext_lazy")
IN_CONTEXT = ("pgettext", "pgettext_lazy")
KEYWORDS = [*PLAIN, *PLURAL, *IN_CONTEXT, "npgettext", "npgettext_lazy"]
BLANK = re.compile(r"%\(\w+\)[\d.]*[a-z]|%[sd]|\{\w*\}")
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
# A Chinese text may repeat a name or a number in Latin letters, never a whole English phrase.
PHRASE = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")
# Everybody is 您 here, and Chinese has its own, wide punctuation.
FAMILIAR = re.compile("你")
NARROW = re.compile("[\u4e00-\u9fff] ?[,;:?!()]|[,;:?!()] ?[\u4e00-\u9fff]")

Key = tuple[str, str]


def catalog_of(lines: Iterable[bytes]) -> Catalog:
    return read_po(lines, locale="zh_Hans", abort_invalid=True)


@cache
def chinese() -> dict[Key, Message]:
    """(context, text) → entry of our catalog."""
    with PO_FILE.open("rb") as file:
        return {key_of(one): one for one in catalog_of(file) if one.id}


def key_of(message: Message) -> Key:
    return (message.context or "", first(message.id))


def first(text: str | Iterable[str]) -> str:
    return text if isinstance(text, str) else next(iter(text))


def texts_in(source: bytes) -> Iterator[Key]:
    """(context, text) of every literal handed to gettext, as xgettext reads it."""
    for _line, function, given, _comments in extract_python(BytesIO(source), KEYWORDS, [], {}):
        words = given if isinstance(given, tuple) else (given,)
        has_context = function in IN_CONTEXT or function.startswith("npgettext")
        context, text = (words[0], words[1]) if has_context else ("", words[0])
        if text:
            yield context or "", text


def texts_in_template(source: str, origin: str) -> Iterator[Key]:
    """The same for a template; what stands around the tags must not look like indented code."""
    yield from texts_in(INDENT.sub("", templatize(source, origin=origin)).encode())


@cache
def texts() -> dict[Key, str]:
    """(context, text) → the file that says it."""
    found: dict[Key, str] = {}
    modules = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    templates = (path for path in (ROOT / "templates").rglob("*") if path.is_file())
    for path in sorted([*modules, *templates]):
        place = str(path.relative_to(ROOT))
        if "migrations" not in path.parts:
            found |= dict.fromkeys(texts_of(path, place), place)
    return found


def texts_of(path: Path, place: str) -> Iterator[Key]:
    if path.suffix == ".py":
        return texts_in(path.read_bytes())
    return texts_in_template(path.read_text(), place)


def flaws(message: Message | None) -> list[str]:
    """What is wrong with an entry, in words; an entry that is not there is missing."""
    if message is None:
        return ["missing"]
    variants = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    sources = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    wrong = []
    if not all(variants):
        wrong.append("empty")
    if message.fuzzy:
        wrong.append("fuzzy")
    wanted = [sorted(set(BLANK.findall(one))) for one in sources]
    if any(one and sorted(set(BLANK.findall(one))) not in wanted for one in variants):
        wrong.append("other blanks")
    if any(PHRASE.search(one) for one in variants):
        wrong.append("English")
    if any(FAMILIAR.search(one) for one in variants):
        wrong.append("familiar")
    if any(NARROW.search(one) for one in variants):
        wrong.append("narrow")
    return wrong


def test_every_text_has_a_chinese_translation() -> None:
    known = chinese()

    wrong = {
        text: (place, problems)
        for (context, text), place in texts().items()
        if (problems := flaws(known.get((context, text))))
    }

    assert len(texts()) > 1000
    assert wrong == {}


def words() -> Iterator[tuple[str, str]]:
    """(where, word) of what is read off objects, in the language that is active."""
    for event in events.all_types():
        yield event.code, str(event.label)
    for choices in all_subclasses(Choices):
        if choices.__module__.split(".")[0] in PACKAGES:
            for member in choices:
                yield f"{choices.__name__}.{member.name}", str(member.label)
    # Models and columns as the change browser names them.
    for model in (model for config in our_apps() for model in config.get_models()):
        if issubclass(model, AuditedModel):
            yield model.__name__, str(model._meta.verbose_name)
            for field in model._meta.concrete_fields:
                if not field.primary_key:
                    yield f"{model.__name__}.{field.name}", str(field.verbose_name)


def all_subclasses(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from all_subclasses(one)


# Words that are the same in every language: where → why.
SAME_EVERYWHERE = {
    "OutboundMail.mail_id": "«Message-ID» is the name of a mail header",
    "OutboundMail.in_reply_to": "«In-Reply-To», too",
    "Language.ZH": "a language is named in itself",
    "Language.EN": "the same",
    "Attachment.digest": "«SHA-256» is the name of the digest",
    "RawIntake.digest": "the same",
    "OrderLine.sku": "«SKU» is said in Chinese, too",
    "ShopInstruction.sku": "«SKU» is said in Chinese, too",
    "Tier.VIP": "«VIP», too",
}


def test_events_choices_and_fields_are_named_in_chinese() -> None:
    with override("en"):
        english = dict(words())
    with override("zh-hans"):
        same = {place for place, word in words() if word == english[place]}

    assert len(english) > 300
    assert same == set(SAME_EVERYWHERE)


@pytest.mark.parametrize(
    ("entry", "problems"),
    [
        ('msgid "Close %(case)s"\nmsgstr "关闭%(case)s"', []),
        ('msgid "Close %(case)s"\nmsgstr ""', ["empty"]),
        ('msgid "Close %(case)s"\nmsgstr "关闭%(number)s"', ["other blanks"]),
        ('msgid "Close %(case)s"\nmsgstr "关闭"', ["other blanks"]),
        ('#, fuzzy\nmsgid "Close"\nmsgstr "关闭"', ["fuzzy"]),
        ('msgid "Close"\nmsgstr "close the case now"', ["English"]),
        ('msgid "Yours now"\nmsgstr "已指派给你"', ["familiar"]),
        ('msgid "Closed, done"\nmsgstr "已关闭,已完成"', ["narrow"]),
        ('msgid "%(n)s case"\nmsgid_plural "%(n)s cases"\nmsgstr[0] "%(n)s个工单"', []),
        ('msgid "%(n)s case"\nmsgid_plural "%(n)s cases"\nmsgstr[0] ""', ["empty"]),
    ],
)
def test_the_rule_sees_every_flaw(entry: str, problems: list[str]) -> None:
    (message,) = [one for one in catalog_of(entry.encode().splitlines(keepends=True)) if one.id]

    assert flaws(message) == problems


def test_the_rule_sees_every_way_of_saying() -> None:
    source = (
        b"_('a')\ngettext_lazy('b' ' c')\nngettext('d', 'ds', n)\npgettext('x', 'e')\n"
        b"gettext_noop('f')\n_(name)\n"
    )
    template = (
        "{% load i18n %}\n  {% translate 'g' %}\n    {% trans 'h' context 'y' %}{{ _('i') }}"
        "{% blocktranslate with n=x %}j {{ n }}{% endblocktranslate %}"
        "{% blocktranslate count n=x %}k {{ n }}{% plural %}ks {{ n }}{% endblocktranslate %}"
    )

    found = [*texts_in(source), *texts_in_template(template, "x.html")]

    assert found == [
        ("", "a"),
        ("", "b c"),
        ("", "d"),
        ("x", "e"),
        ("", "f"),
        ("", "g"),
        ("y", "h"),
        ("", "i"),
        ("", "j %(n)s"),
        ("", "k %(n)s"),
    ]
