import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.mail.gratitude import is_only_thanks


@pytest.mark.parametrize(
    "text",
    [
        "谢谢",
        "谢谢！",
        "好的，收到，谢谢！",
        "好的谢谢您",
        "非常感谢您的帮助",
        "辛苦了，谢谢亲～",
        "嗯嗯 明白了 多谢",
        "感谢客服的耐心解答🙏",
        "问题已解决了，谢谢",
        "收到，謝謝",
        "Thanks, got it!",
        "Thank you very much for your help.",
        "ok thx :)",
        "Great, thanks a lot!",
    ],
)
def test_short_thanks(text: str) -> None:
    assert is_only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "收到",
        "好的",
        "谢谢，什么时候发货？",
        "谢谢，还没收到",
        "快处理，谢谢",
        "帮忙处理谢谢",
        "解决问题，谢谢",
        "给我回复谢谢",
        "谢谢，订单号 12345",
        "谢谢，请退款",
        "谢谢，但是屏幕坏了",
        "不用谢",
        "谢谢你们的垃圾服务",
        "三天了，谢谢",
        "感谢" * 30,
        "Thanks for nothing",
        "Help! Thanks",
        "Thanks, but it is still broken",
        "Thanks, can you refund me",
        "No thanks",
        "Thanks, it doesn't work",
        "Thanks, order 42",
        "Reply, thanks",
        "ありがとう",
    ],
)
def test_anything_more_is_not_only_thanks(text: str) -> None:
    assert not is_only_thanks(text)


@given(st.text(max_size=60), st.sampled_from(["?", "？", "7", "不", "没", "退款", "broken"]))
def test_doubtful_words_always_decide(text: str, doubt: str) -> None:
    assert not is_only_thanks(f"谢谢 {text} {doubt} thanks")
