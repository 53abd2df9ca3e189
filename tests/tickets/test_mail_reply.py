import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.mails import DATA, qq_reply
from tickets.mail.body import html_to_text
from tickets.mail.parse import parse_mail
from tickets.mail.reply import split_reply

NEW = "还是不行，请换货。"
BLOCK = "发件人：售后\n发送时间：2025年1月6日\n收件人：王小明\n主题：工单"


@pytest.mark.parametrize(
    "head",
    [
        "------------------ 原始邮件 ------------------",
        "------------------&nbsp;原始邮件&nbsp;------------------".replace("&nbsp;", "\u00a0"),
        "------------------ Original ------------------",
        "-----原始邮件-----",
        "-----邮件原件-----",
        "---- 回复的原邮件 ----",
        "-------- 转发邮件信息 --------",
        "-----Original Message-----",
        BLOCK,
        BLOCK.replace("：", ": "),
        "________________________________\n" + BLOCK,
        "发件人： a@b.example 发送时间： 2025-01-06 收件人： c@d.example 主题： x",
        "| 发件人 | 售后<a@b.example> |\n| 日期 | 2025年01月06日 |\n| 收件人 | c@d.example |",
        "From: desk@shop.example\nSent: Monday, January 6, 2025\nTo: a@b.example\nSubject: x",
        "寄件者: a@b.example\n傳送時間: 2025年1月6日\n收件者: c@d.example\n主旨: x",
        '在 2025-01-06 10:00:00，"售后" <desk@shop.example> 写道：',
        "在 2025年1月6日，上午10:00，售后 <desk@shop.example> 写道：",
        "售后 <desk@shop.example> 于2025年1月6日周一 10:00写道：",
        "在 2025年1月6日星期一，\n售后服务中心 <desk@shop.example> 写道:",
        'At 2025-01-06 10:00:00, "desk" <desk@shop.example> wrote:',
        "On Mon, Jan 6, 2025 at 10:00 AM Desk <desk@shop.example> wrote:",
        "Am Mo., 6. Jan. 2025 um 10:00 Uhr schrieb Desk <desk@shop.example>:",
        "ср, 30 апр. 2025 г. в 15:19, Desk <desk@shop.example>:",
    ],
)
def test_history_heads_are_found(head: str) -> None:
    text = f"{NEW}\n\n{head}\n\n您好，请描述问题。"
    new, quoted = split_reply(text)

    assert new.strip() == NEW
    assert quoted.strip().endswith("您好，请描述问题。")
    assert new + quoted == text


def test_qq_reply_is_split() -> None:
    new, quoted = split_reply(parse_mail(qq_reply()).text)

    assert new.strip() == "屏幕还是闪，能换一台吗？"
    assert "原始邮件" in quoted


def test_trailing_quote_marks_are_history() -> None:
    assert split_reply("ok\n\n> old\n> words\n") == ("ok\n", "\n> old\n> words\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "退货怎么操作？",
        "发件人：我自己写的\n没有别的标签",
        "客服在电话里写道：可以退。\n但是没退。",
        "From: the shop I got nothing",
        "On the one hand it works.\nOn the other it does not.",
        f"{BLOCK}\n\n只有转发的内容",
        "> question A?\n\nanswer A\n\n> question B?\n\nanswer B",
        "On Mon, Jan 6, 2025 at 10:00 AM Desk <d@s.example> wrote:\n> when?\n\nTomorrow.",
        "Hi,\nOn Mon, Jan 6, 2025 at 10:00 AM Desk <d@s.example> wrote:\n> when?\n\nTomorrow.",
    ],
)
def test_text_without_history_or_answered_inside_stays_whole(text: str) -> None:
    assert split_reply(text) == (text, "")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [NEW, "", ">", "> x", BLOCK, "From: a", "On x", "a@b.example> wrote:", "-----"]
        )
        | st.text(max_size=40),
        max_size=12,
    )
)
def test_nothing_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    new, quoted = split_reply(text)

    assert new + quoted == text
    assert bool(new.strip()) == bool(text.strip())


def test_collected_bodies_are_split_without_loss() -> None:
    if not (DATA / "reply").is_dir():
        pytest.skip("the mail collection is not beside the repository")
    split = 0
    paths = sorted((DATA / "reply").iterdir())
    for path in paths:
        text = path.read_text("utf-8", "replace")
        text = html_to_text(text) if path.suffix == ".html" else text
        new, quoted = split_reply(text)
        assert new + quoted == text
        assert new.strip() or not text.strip()
        split += bool(quoted)

    assert len(paths) == 108
    assert split >= 60
