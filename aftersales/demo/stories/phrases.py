"""What people say in every kind of story: openings, promises, consent, urging, ratings."""
# ruff: noqa: E501 -- a sentence stays on one line, as it is said

from typing import Final, NamedTuple

from aftersales.demo.catalog import Language

Lines = tuple[str, ...]


class Phrases(NamedTuple):
    """The shared wording of one language; keys are tones, families, departments or scores."""

    openers: dict[str, Lines]
    references: Lines
    closers: dict[str, Lines]
    acknowledgements: dict[str, Lines]
    requests: dict[str, Lines]
    questions: dict[str, Lines]
    answers: dict[str, Lines]
    accepts: Lines
    consents: Lines
    refusals: Lines
    second_offers: Lines
    urges: dict[str, Lines]
    thanks: Lines
    ratings: dict[int, Lines]
    whens: Lines
    typos: tuple[tuple[str, str], ...]
    emoji: dict[str, Lines]
    review_good: tuple[Lines, Lines, Lines]
    review_bad: tuple[Lines, Lines, Lines]


ZH: Final = Phrases(
    openers={
        "voice": ("你好", "客服你好", "哈喽", ""),
        "polite": ("你好", "亲，在吗", "您好，想问一下", "客服你好", "在吗在吗", "麻烦问下", "hello在不在", ""),
        "annoyed": ("在吗？", "客服呢", "你好，我要反馈个问题", "", "我说一下情况", "怎么回事啊"),
        "angry": ("有没有人管？", "什么情况？！", "太离谱了", "", "我真的服了", "你们怎么回事！"),
    },
    references=("订单号{order}", "单号{order}", "订单{order}，你查一下", "（订单：{order}）", "{order}这个单"),
    closers={
        "polite": ("谢谢", "辛苦啦", "麻烦了", "感谢～", "不着急，谢谢", ""),
        "annoyed": ("尽快吧", "等回复", "别让我等太久", "", "麻烦快点"),
        "angry": ("今天必须回复我！", "不处理就投诉到平台", "差评没跑了", "第一次也是最后一次在你家买", ""),
    },
    acknowledgements={
        "quality": ("{customer}您好，收到您反馈的{item}问题了，非常抱歉给您添堵。我这边马上核实，今天内给您答复。",
                    "亲，实在不好意思，{item}的情况已经记录，正在找质检和仓库核对，最晚明天中午前回复您。"),
        "safety": ("{customer}您好，您的安全最要紧，请立即停止使用{item}，不要再通电或穿着。我们已按最高级别处理，主管两小时内联系您。",
                   "您好，已收到，请先停用{item}并保留原样。此事已升级专人负责，两小时内给您电话。"),
        "logistics": ("您好，正在帮您联系{carrier}核实包裹情况，查到后第一时间回复，最晚今晚8点前。",
                      "{customer}您好，让您久等了，{carrier}那边已提交加急查询，4小时内给您消息。"),
        "order": ("您好，收到，我先帮您看下订单状态，10分钟内回复您。", "{customer}您好，这就为您核对订单{order}，请稍等～"),
        "service": ("{customer}您好，非常抱歉给您带来不好的体验，我来负责跟进，今天给您明确答复。",
                    "您好，您反映的情况我们很重视，已转主管和财务核实，4小时内回复您。"),
        "info": ("您好，您的问题收到啦，我确认一下马上回复您～", "亲，稍等，我问下同事，半小时内回您。"),
        "voice": ("{customer}您好，谢谢您专门来告诉我们～", "收到啦，感谢您的用心反馈，我来转给同事。"),
    },
    requests={
        "warehouse": ("@仓库 麻烦查一下{order}的打包监控和出库称重。", "请仓库核对{order}的拣货记录和库位。"),
        "logistics": ("@物流 请联系{carrier}核实{tracking}的轨迹和签收底单。", "物流同事帮查下{tracking}，客户在催。"),
        "quality": ("@质检 客户照片已上传，请判断是否质量问题，同批次有无类似反馈。", "请质检看下{item}（{sku}）近30天的投诉。"),
        "technical": ("@技术 请看下{item}的故障描述，能否远程判断。", "请技术确认{item}（{sku}）是否已知问题。"),
        "finance": ("@财务 请核对{order}的收退款流水。", "财务帮忙查下{order}的到账情况。"),
        "supply": ("@供应 请确认{item}（{sku}）到货时间。",),
        "marketing": ("@运营 请看下客户对{item}的反馈。",),
        "service": ("看过聊天记录和订单{order}，按现行规则处理。", "与主管确认了{order}的处理口径。"),
    },
    questions={
        "quality": ("方便拍一下有问题的部位和吊牌或铭牌吗？一张近的一张远的。", "麻烦发下照片或小视频，外包装也拍一张，方便我们定责。"),
        "safety": ("您和家人有没有受伤？方便发下照片，并告知大概的使用时间吗？",),
        "logistics": ("麻烦确认下收货地址和电话有没有变化？", "家人或驿站有没有可能代收了？方便再确认下吗？"),
        "order": ("请确认下是订单{order}吗？",),
        "service": ("方便提供下截图或流水吗？我一起提交核实。",),
        "info": ("请问您用的是什么型号，大概什么时候开始的呢？",),
        "voice": ("方便说说您最看重哪一点吗？",),
    },
    answers={
        "quality": ("图发了，看下", "照片和视频都传了，够清楚了吧", "拍了三张，最后一张是吊牌"),
        "safety": ("人没事，就是吓到了，照片发你了", "没受伤，视频传了"),
        "logistics": ("地址没变，家里人都问过了没收", "电话地址都对的", "驿站也问了，没有"),
        "order": ("对，就是这个", "是的"),
        "service": ("截图发了", "流水单传上去了，自己看"),
        "info": ("就是最近买的这个，型号在图里", "昨天开始的"),
        "voice": ("就是觉得你们挺用心的", "没啥，随便说说哈"),
    },
    accepts=("可以", "行，就这样吧", "好的，同意", "OK，那麻烦快一点", "可以的，谢谢", "行吧，希望别再有下次", "嗯嗯，按你说的办"),
    consents=("好的", "好的谢谢", "嗯嗯，可以", "OK", "明白了，谢谢", "可以呀"),
    refusals=("不行，这个方案我不接受", "就这？打发谁呢", "不同意，耽误我这么久", "我不要这个，再商量下", "这样我很吃亏，换个方案吧"),
    second_offers=("理解您的不满，我跟主管申请了，在原方案上再加{extra}补偿，您看可以吗？", "我再帮您争取了一下，额外补{extra}，今天就办，您看行吗？"),
    urges={
        "polite": ("你好，请问有进展了吗", "想问下处理到哪一步啦", "不好意思再问一下，{item}的事怎么样了"),
        "annoyed": ("怎么还没消息？", "都{days}天了，进度呢", "催一下，订单{order}", "有结果了吗？一直在等"),
        "angry": ("还有人吗？？再不处理我打12315了", "一拖再拖，什么态度！", "{days}天了！给我个说法！"),
    },
    thanks=("谢谢，收到了", "好的，已收到，辛苦了", "搞定了，感谢", "嗯嗯，好了，谢谢客服", "处理完了，谢谢哈"),
    ratings={
        5: ("客服很耐心，处理得快", "满意，给五星", "售后靠谱，下次还来", "没想到这么快就解决了", ""),
        4: ("总体不错，就是等得久了点", "解决了，流程可以再快点", "还行"),
        3: ("一般吧，来回问了好几遍", "解决是解决了，有点慢", "中规中矩"),
        2: ("态度还行，效率太低", "折腾了好几天", "不太满意"),
        1: ("差评，问题没解决", "再也不来了", "推来推去，浪费时间"),
    },
    whens=("昨天", "前天", "上周五", "周一晚上", "上周", "三天前", "前几天", "周末"),
    typos=(("已经", "己经"), ("怎么", "咋"), ("没有", "木有"), ("这个", "介个"), ("不知道", "不造"), ("什么", "啥"),
           ("喜欢", "稀饭"), ("的时候", "得时候")),
    emoji={"polite": ("😊", "🙏", "～", "🌹", "😄"), "annoyed": ("😓", "🙄", "😒", "。。。"), "angry": ("😡", "🤬", "！！！", "💢")},
    review_good=(("物流很快，", "包装严实，", "第二次买了，", "给家人买的，", "等了两天，", "朋友推荐的，", "618囤的，"),
                 ("质量不错", "跟描述一致", "比实体店划算", "做工挺细的", "用着很顺手", "颜色很正", "客服态度好"),
                 ("，推荐", "，会回购", "，满意", "，五星好评", "", "，值这个价", "👍", "，老公也说好")),
    review_bad=(("物流太慢了，", "等了一周，", "看评价买的，", "有点失望，", "本来挺期待，", "跟图片不一样，"),
                ("有异味", "做工粗糙", "用了两天就坏", "尺码不准", "色差大", "客服爱答不理", "包装都破了", "少了配件"),
                ("，不推荐", "，已退货", "，凑合用吧", "，差评", "，一分钱一分货", "", "，不会再买了")),
)  # fmt: skip

EN: Final = Phrases(
    openers={
        "voice": ("Hi,", "Hello,", "Dear team,", ""),
        "polite": ("Hi,", "Hello,", "Hi there,", "Good morning,", "Hello, I hope you can help.", "Dear team,", ""),
        "annoyed": ("Hello,", "Hi.", "", "Not impressed.", "I have a problem with my order."),
        "angry": ("Seriously?", "This is unacceptable.", "", "I'm really fed up.", "What is going on?"),
    },
    references=("My order number is {order}.", "Order {order}.", "(order {order})", "Ref: {order}.", "It's order {order}."),
    closers={
        "polite": ("Many thanks,\n{first_name}", "Thank you!", "Thanks in advance.", "Kind regards,\n{customer}", "Cheers, {first_name}", ""),
        "annoyed": ("Please get back to me soon.", "{customer}", "Waiting for your reply.", "", "Regards, {customer}"),
        "angry": ("I expect an answer today.", "Last time I buy from you.", "My review will say so.", "{customer}", ""),
    },
    acknowledgements={
        "quality": ("Hi {first_name}, I'm sorry about the {item}. I've logged it and am checking with our quality team; you'll hear from me by the end of today.",
                    "Hello {first_name}, thanks for letting us know and sorry for the trouble. I'll look into the {item} and reply by noon tomorrow at the latest."),
        "safety": ("Hi {first_name}, your safety comes first: please stop using the {item} now. This is at our highest level and a lead will ring you within two hours.",),
        "logistics": ("Hi {first_name}, I'm checking with {carrier} now and will come back to you today by 6 pm.",
                      "Hello {first_name}, sorry for the wait. An urgent trace is open with {carrier}; news within four hours."),
        "order": ("Hi {first_name}, got it. Let me check order {order}, back in ten minutes.", "Hello {first_name}, one moment, I'm looking at your order."),
        "service": ("Hi {first_name}, I'm sorry about this experience. I'm taking it on and you'll have a clear answer today.",
                    "Hello {first_name}, I've passed this to my lead and will reply within four hours."),
        "info": ("Hi {first_name}, thanks for asking. Let me check and get right back to you.", "Hello, good question. I'll ask a colleague and reply within half an hour."),
        "voice": ("Hi {first_name}, thank you for taking the time to tell us.", "Hello {first_name}, that's kind of you. I'll pass it on."),
    },
    requests={
        "warehouse": ("@warehouse please check the packing video and the outbound weight of {order}.", "Warehouse: picking record for {order}, please."),
        "logistics": ("@logistics please ask {carrier} about {tracking}, scans and proof of delivery.", "Logistics, can you chase {tracking}? Customer is waiting."),
        "quality": ("@quality photos are up. A fault? Anything else from this batch?", "Quality: complaints on {sku} in the last 30 days, please."),
        "technical": ("@technical can you tell from the description what is wrong with the {item}?", "Technical: known issue with {sku}?"),
        "finance": ("@finance please check payments and refunds of {order}.", "Finance: has the money for {order} moved?"),
        "supply": ("@supply when is {sku} due?",),
        "marketing": ("@marketing customer feedback on the {item}, please have a look.",),
        "service": ("Read the thread and order {order}, handled by the current rules.", "Checked with the lead how to treat {order}."),
    },
    questions={
        "quality": ("Could you send one close-up and one full photo, please, with the label or type plate?", "Would you mind sending a photo or a short video, and the outer box too?"),
        "safety": ("Is everybody all right? Could you send a photo and roughly how long it was in use?",),
        "logistics": ("Could you confirm that the address and phone number are right?", "Might a neighbour have taken it in? Could you check once more?"),
        "order": ("Just to be sure, is it order {order}?",),
        "service": ("Could you send a screenshot or statement for our check?",),
        "info": ("Which model do you have, and when did it start?",),
        "voice": ("May I ask what mattered most to you?",),
    },
    answers={
        "quality": ("Photos attached.", "Here you go, three pictures, the last one shows the label.", "Sent the video, hope that's clear enough."),
        "safety": ("We're fine, just shaken. Photos attached.", "Nobody hurt. Video attached."),
        "logistics": ("The address is right.", "Asked all the neighbours, nothing.", "Yes, same address and phone as always."),
        "order": ("Yes, that's the one.", "Correct."),
        "service": ("Screenshot attached.", "Here's the statement."),
        "info": ("The one I bought recently, see picture.", "Since yesterday."),
        "voice": ("You just seem to care.", "Nothing special, thought I'd say it."),
    },
    accepts=("Yes, that's fine.", "OK, let's do that.", "Agreed, thank you.", "Works for me, please be quick.", "All right, but I hope it won't happen again.", "Sounds fair, thanks."),
    consents=("Yes, that's fine.", "Sure, thanks.", "OK, thank you.", "Perfect, thanks.", "Yes please."),
    refusals=("No, that's not good enough.", "I can't accept that after all this time.", "Sorry, but no. Please offer something better.", "That leaves me out of pocket, so no."),
    second_offers=("I understand. I asked my lead and we can add {extra} on top. Would that settle it?", "Let me improve that: another {extra} and it's done today. Is that all right?"),
    urges={
        "polite": ("Hi, any news on this?", "Just checking in about my {item}.", "Sorry to ask again, how is it going?"),
        "annoyed": ("Still waiting.", "It's been {days} days, any progress?", "Any update on {order}?"),
        "angry": ("Is anybody reading this?", "{days} days and nothing! I want an answer.", "I'm going to consumer protection if I don't hear back today."),
    },
    thanks=("Got it, thank you.", "Received, thanks for your help.", "All sorted, cheers.", "Thanks, that's done.", "Great, thank you."),
    ratings={
        5: ("Quick and friendly.", "Really helpful, thank you.", "Solved faster than I thought.", "Great after-sales service.", ""),
        4: ("Good, though it took a while.", "Sorted in the end.", "Fine overall."),
        3: ("OK, had to explain it twice.", "Solved, but slow.", "Average."),
        2: ("Polite but slow.", "Too much back and forth.", "Not really happy."),
        1: ("Not solved.", "Never again.", "Sent from one to the other, waste of time."),
    },
    whens=("yesterday", "last Friday", "on Monday", "last week", "three days ago", "the day before yesterday", "at the weekend"),
    typos=(("received", "recieved"), ("doesn't", "doesnt"), ("don't", "dont"), ("didn't", "didnt"), ("can't", "cant"), ("which", "wich"),
           ("really", "realy"), (" the ", " teh "), ("because", "becuase"), ("I'm", "im"), ("It's", "Its")),
    emoji={"polite": ("🙂", "🙏", "😊"), "annoyed": ("😕", "🙄", "..."), "angry": ("😡", "!!!", "👎")},
    review_good=(("Fast delivery, ", "Second time I've bought this, ", "Bought as a gift, ", "Well packed, ", "No complaints, ", "After two weeks of use: "),
                 ("great quality", "exactly as described", "good value", "fits perfectly", "does what it should", "lovely colour", "friendly support"),
                 (".", ", would buy again.", ", recommended.", "!", ", five stars.", ", happy with it.")),
    review_bad=(("Disappointed, ", "Took ages, ", "Not like the pictures, ", "Had high hopes, ", "For this price, ", "Sad to say: "),
                ("smells of chemicals", "poorly made", "broke after two days", "runs small", "the colour is off", "support never answered", "box was crushed", "parts were missing"),
                (".", ", sent back.", ", not recommended.", ", never again.", ", two stars.", "!")),
)  # fmt: skip

PHRASES: Final[dict[Language, Phrases]] = {"zh": ZH, "en": EN}
