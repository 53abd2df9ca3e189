"""Short thanks that need no answer and should not reopen a settled ticket."""

import re
import unicodedata

MAX_LENGTH = 40
THANKS = re.compile(r"谢|謝|感激|辛苦|thank|thx|\btks\b|\bty\b|cheers|appreciate", re.I)
DENIED = re.compile(
    r"[?？\d０-９一二三四五六七八九十百千万两]|不|没|沒|无|無|别|未|但|可是|不过|还|再|吗|嗎|呢|么|怎|何时"
    r"|什麼|请|請|麻烦|退|换|坏|差|慢|催|投诉|举报|赔|骗|垃圾|失望|生气|急|错|漏|缺|等|如果|希望|能否"
    r"|\b(?:no|not|never|none|nothing|but|however|still|yet|again|refund|return|broken|bad|worse|wrong"
    r"|late|please|when|why|how|what|where|can|could|would|will|if|until|waiting|complain\w*|"
    r"disappoint\w*|terrible|useless|for\s+nothing)\b|n't|n\u2019t",
    re.I,
)
# Help, answers and solutions count only as what one is thanked for: "快处理，谢谢" is a demand.
THANKED_FOR = re.compile(
    r"(?:谢谢|多谢|感谢|謝謝|感謝)(?:您|你|们|亲|客服|大家|的|这么快的?|耐心|及时|贴心|热心|地)*"
    r"(?:帮助|支持|回复|解答|处理|服务|帮忙|回覆|幫助)"
    r"|(?:问题)?(?:已经?|都)?解决了"
    r"|\bfor\s+(?:(?:all|your|the|a|so|very|quick|fast|kind|great|prompt)\s+){0,4}"
    r"(?:help|support|reply|response|service|answer)\b",
    re.I,
)
CHINESE_TALK = (
    "谢谢 谢 謝謝 謝 多谢 感谢 感謝 感激 非常 十分 太 真的 很 辛苦 好的 好 嗯 收到 明白 "
    "知道 了解 清楚 已 我 您 你 们 大家 亲 客服 老师 小姐姐 小哥 的 了 啦 啊 呀 哦 噢 哈 "
    "满意 祝 生活愉快 工作顺利 愉快 顺利 都"
)
ENGLISH_TALK = (
    r"\b(?:many|thanks|thank|you|u|thx|tks|ty|cheers|so|very|much|a|lot|ok|okay|got|it|received"
    r"|noted|great|perfect|awesome|good|nice|for|the|all|i|we|really|appreciate|appreciated"
    r"|understood|hi|hello|dear|team|everyone|that|works|and|have|day|best|regards)\b"
)
# Whatever is left when these are taken away was more than thanks.
SMALL_TALK = re.compile(
    "|".join(sorted(CHINESE_TALK.split(), key=len, reverse=True)) + "|" + ENGLISH_TALK, re.I
)


def is_only_thanks(text: str) -> bool:
    """True for a short message that thanks and says nothing else; doubt is False."""
    said = text.strip()
    if len(said) > MAX_LENGTH or not THANKS.search(said):
        return False
    if DENIED.search(said.replace("这么快", "").replace("万分", "")):
        return False
    rest = SMALL_TALK.sub("", THANKED_FOR.sub("", said))
    return not any(unicodedata.category(letter)[0] in "LN" for letter in rest)
