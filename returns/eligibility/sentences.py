"""What each rule says to the customer, in both languages. Frozen with the verdict, so no gettext:
a later change of wording must not change what was told."""

from __future__ import annotations

Pair = tuple[str, str]

# (rule, result) → English, Chinese. Words in braces are filled from the facts.
SENTENCES: dict[tuple[str, str], Pair] = {
    ("E01", "passed"): (
        "You bought this as a consumer and at a distance.",
        "您是通过网络等远程方式购买的消费者。",
    ),
    ("E01", "refuses"): (
        "Shop purchases and purchases for business have no legal right of return without a reason.",
        "门店购买或企业采购不适用法定七日无理由退货。",
    ),
    ("E01", "asks"): (
        "We check by hand which rules apply in your country.",
        "需人工确认您所在地区适用的退货规则。",
    ),
    ("E01", "adds"): (
        "The law gives no right here; what we promised counts.",
        "法律未规定此类退货权利，按我们的承诺处理。",
    ),
    ("E02", "passed"): (
        "We made no wider promise that matters here.",
        "本次没有更宽的店铺承诺需要适用。",
    ),
    ("E02", "accepts"): (
        "We promised more than the law asks ({promise}), and you asked in time.",
        "店铺承诺优于法定要求（{promise}），您在承诺期限内提出。",
    ),
    ("E02", "adds"): (
        "Our wider promise applies ({promise}); the state of the article is checked.",
        "适用店铺更宽的承诺（{promise}），仍需核验商品状况。",
    ),
    ("E03", "passed"): (
        "You return it without claiming a fault.",
        "您未主张商品质量问题。",
    ),
    ("E03", "leaves"): (
        "You report a fault or a wrong delivery, so the rules for faults apply, at our cost.",
        "您反映质量问题或错发漏发，按质量问题处理，运费由我们承担。",
    ),
    ("E04", "passed"): (
        "You asked in time{until}.",
        "您在规定期限内提出{until}。",
    ),
    ("E04", "refuses"): (
        "The time to return without a reason ended on {day}. "
        "If something is wrong with the article, tell us: we check that separately.",
        "无理由退货期限已于{day}届满。如商品有质量问题，请告知，我们将另行检测处理。",
    ),
    ("E05", "passed"): ("It was not made to your order.", "商品并非为您定作。"),
    ("E05", "refuses"): (
        "It was made to your order, and the page said that it cannot be returned.",
        "商品系为您定作，且商品页面已标明不适用无理由退货。",
    ),
    ("E05", "asks"): (
        "It is said to be made to your order; we look for the record of its production.",
        "商品被标记为定作，我们需核实专属生产记录。",
    ),
    ("E06", "passed"): ("It does not perish.", "商品不属于鲜活易腐类。"),
    ("E06", "refuses"): (
        "It is fresh or perishable, and the page said that it cannot be returned.",
        "商品属鲜活易腐，且页面已标明不适用无理由退货。",
    ),
    ("E06", "asks"): (
        "It may be excluded as perishable; a person looks at it.",
        "商品可能属鲜活易腐的排除范围，需人工确认。",
    ),
    ("E07", "passed"): (
        "It is no downloaded or unsealed recording or software.",
        "商品不属于已下载或已拆封的音像制品、软件等数字化商品。",
    ),
    ("E07", "refuses"): (
        "It is digital and was downloaded or unsealed, and the page said so beforehand.",
        "商品为已下载或已拆封的数字化商品，且页面已事先标明。",
    ),
    ("E07", "asks"): (
        "It may be excluded as digital goods; a person looks at it.",
        "商品可能属数字化商品的排除范围，需人工确认。",
    ),
    ("E08", "passed"): ("It is no newspaper or periodical.", "商品不属于报纸、期刊。"),
    ("E08", "refuses"): (
        "It is a delivered newspaper or periodical, and the page said so beforehand.",
        "商品为已交付的报纸、期刊，且页面已事先标明。",
    ),
    ("E08", "asks"): (
        "It may be excluded as a periodical; a person looks at it.",
        "商品可能属报刊的排除范围，需人工确认。",
    ),
    ("E09", "passed"): (
        "Opening it affects neither safety and health nor its quality.",
        "拆封不影响人身安全、健康或商品品质。",
    ),
    ("E09", "refuses"): (
        "Once opened it affects health or quality, and you confirmed when buying "
        "that it cannot be returned.",
        "商品拆封后影响健康或品质，您在购买时已单独确认不适用无理由退货。",
    ),
    ("E09", "asks"): (
        "It may be excluded for hygiene; a person looks at it.",
        "商品可能因卫生原因被排除，需人工确认。",
    ),
    ("E10", "passed"): (
        "It does not lose much value by being activated or tried.",
        "商品不因激活或试用而大幅贬值。",
    ),
    ("E10", "refuses"): (
        "Activated or tried it loses much of its value, and you confirmed when buying "
        "that it cannot be returned.",
        "商品激活或试用后价值明显贬损，您在购买时已单独确认不适用无理由退货。",
    ),
    ("E10", "asks"): (
        "It may be excluded because it was activated; a person looks at it.",
        "商品可能因已激活被排除，需人工确认。",
    ),
    ("E11", "passed"): (
        "It was not sold as near its date or with a stated flaw.",
        "商品并非临期或已明示瑕疵的商品。",
    ),
    ("E11", "refuses"): (
        "It was sold as near its date or with a stated flaw, and you confirmed when buying "
        "that it cannot be returned.",
        "商品销售时已明示临期或瑕疵，您在购买时已单独确认不适用无理由退货。",
    ),
    ("E11", "asks"): (
        "It may be excluded because of its stated flaw; a person looks at it.",
        "商品可能因已明示瑕疵被排除，需人工确认。",
    ),
    ("E12", "passed"): (
        "No exclusion lacks its mark or confirmation.",
        "不存在缺少标注或确认的排除情形。",
    ),
    ("E12", "accepts"): (
        "The exclusion does not count: you did not confirm it yourself when you bought.",
        "您购买时未就不适用无理由退货进行单独确认，因此不得据此拒绝退货。",
    ),
    ("E12", "adds"): (
        "The exclusion does not count without your own confirmation; "
        "the state of the article is checked.",
        "缺少购买时的单独确认，不得据此拒绝；仍需核验商品状况。",
    ),
    ("E12", "asks"): (
        "The page did not say that it cannot be returned; a person looks, "
        "and without a reason against it we accept.",
        "商品页面未标明不适用无理由退货，需人工确认；无相反理由时予以接受。",
    ),
    ("E13", "passed"): (
        "Whether it was opened plays no part.",
        "是否拆封与本次判断无关。",
    ),
    ("E13", "accepts"): (
        "Opening or testing it in order to look at it is no reason to refuse.",
        "为查验商品而拆封或合理试用，不影响退货。",
    ),
    ("E14", "passed"): (
        "Nothing is known against the state of the article; we check it when it arrives.",
        "目前未发现商品不完好，收到后核验。",
    ),
    ("E14", "refuses"): (
        "The article is not intact ({findings}); the photos show it.",
        "商品不完好（{findings}），有照片为证。",
    ),
    ("E14", "asks"): (
        "The article may not be intact; a person looks before anything is refused.",
        "商品可能不完好，拒绝前需人工核验并留存照片。",
    ),
    ("E15", "passed"): ("No gift, points or coupon is kept.", "没有未退回的赠品、积分或优惠券。"),
    ("E15", "adds"): (
        "Not everything that came with it comes back ({extras}): only a gift price "
        "stated beforehand may be charged.",
        "随附权益未全部退回（{extras}）：仅可按事先标明的赠品价格扣除。",
    ),
    ("E16", "passed"): ("Nothing unusual about the request.", "本次申请无异常。"),
    ("E16", "asks"): (
        "A colleague has a short look before we go on.",
        "我们的同事将尽快人工确认后继续处理。",
    ),
    ("E17", "accepts"): (
        "You may return it; we send you the address, and refund within 7 days of receiving it.",
        "可以退货；我们将提供退货地址，并在收到退货之日起七日内退款。",
    ),
    ("Q01", "accepts"): (
        "You reported it within 7 days of receiving it: return, exchange or repair, as you wish.",
        "您在收货七日内提出，可选择退货、换货或维修。",
    ),
    ("Q01", "asks"): (
        "That you received it is not on record, so a person looks at it.",
        "系统中没有签收记录，需人工核实。",
    ),
    ("Q01", "passed"): (
        "More than 7 days passed since you received it.",
        "自收货之日起已超过七日。",
    ),
    ("Q02", "accepts"): (
        "Within 15 days it is exchanged or repaired.",
        "十五日内可换货或维修。",
    ),
    ("Q02", "passed"): (
        "The 15 days for an exchange do not decide.",
        "十五日换货规则不适用于本次。",
    ),
    ("Q03", "accepts"): (
        "After two repairs that failed, or one that took too long, it is exchanged or taken back.",
        "两次维修仍不能正常使用或维修逾期，予以换货或退货。",
    ),
    ("Q03", "passed"): ("No failed or late repairs.", "没有维修失败或维修逾期的记录。"),
    ("Q04", "accepts"): (
        "It is within its warranty and is repaired free of charge.",
        "商品在质保期内，免费维修。",
    ),
    ("Q04", "passed"): (
        "The warranty alone does not decide.",
        "仅凭质保期尚不能决定。",
    ),
    ("Q05", "asks"): (
        "A person checks what happened and what we can do for you.",
        "需人工核实情况并确定处理方案。",
    ),
    ("P01", "passed"): ("The goods come back first.", "先退回商品。"),
    ("P01", "asks"): (
        "A refund without return is decided by a person, with reason and evidence.",
        "仅退款须由专人依据理由和证据作出决定。",
    ),
}
NOT_REACHED: Pair = ("Decided before.", "前序规则已作出决定。")

# Words for what may be found wrong with an article (6.2), for the sentence and for the forms.
FINDINGS: dict[str, Pair] = {
    "function": ("quality or function is not original", "品质或功能改变"),
    "incomplete": ("the article or its accessories are not complete", "商品或配件不齐全"),
    "label": ("trade mark or label is missing", "商标或标识不齐全"),
    "seal_broken": ("the one-time seal is broken", "必要的一次性密封包装被损坏"),
    "unauthorised_change": ("repaired or changed without authorisation", "未经授权维修、改动"),
    "marks_damaged": ("CCC mark, label or serial number is damaged", "3C标志、铭牌或序列号被破坏"),
    "signs_of_use": ("lasting marks of use", "有难以恢复原状的外观使用痕迹"),
    "activated": (
        "activated, authorised or holding personal data",
        "产生激活、授权或不合理的个人数据",
    ),
    "tag_removed": ("trade mark removed or label cut", "商标被摘、标识被剪"),
    "soiled": ("soiled or damaged", "受污、受损"),
    "carton_missing": ("the agreed outer carton is missing", "缺少约定的外包装"),
}
# Traits of an order line as shops report them (``facts.TRAITS``), for who reads the records.
TRAITS: dict[str, Pair] = {
    "made_to_order": ("made to order", "定作商品"),
    "variant": ("variant off the shelf", "可选现货款式"),
    "production_proof": ("production was begun, with proof", "已投产且有凭证"),
    "perishable": ("perishable", "鲜活易腐"),
    "digital": ("digital goods", "数字化商品"),
    "downloaded": ("downloaded", "已下载"),
    "periodical": ("newspaper or magazine", "报纸、期刊"),
    "sealed": ("sealed", "一次性密封"),
    "intimate": ("worn next to the skin", "贴身用品"),
    "activated": ("activated", "已激活"),
    "near_expiry": ("near its expiry date", "临近保质期"),
    "flawed": ("sold as flawed", "瑕疵品"),
    "confirmation_preticked": ("confirmation was ticked beforehand", "确认项被预先勾选"),
    "gift": ("gift", "赠品"),
    "three_guarantees": ("under the three guarantees", "三包商品"),
}
# What a policy may give up (``ReturnPolicy.covers_exclusions``).
EXCLUSIONS: dict[str, Pair] = {
    "E05": ("E05 made to order", "E05 定作商品"),
    "E06": ("E06 perishable", "E06 鲜活易腐"),
    "E07": ("E07 digital goods, downloaded or opened", "E07 数字化商品（已下载或拆封）"),
    "E08": ("E08 newspapers and magazines", "E08 报纸、期刊"),
    "E09": ("E09 sealed or worn next to the skin", "E09 一次性密封或贴身用品"),
    "E10": ("E10 activated", "E10 已激活"),
    "E11": ("E11 near its expiry date or flawed", "E11 临近保质期或瑕疵品"),
}
EXTRAS: dict[str, Pair] = {
    "gift": ("gift", "赠品"),
    "points": ("points", "积分"),
    "coupon": ("coupon", "优惠券"),
}


def sentence(rule: str, result: str, **words: Pair) -> Pair:
    """Both languages of what a rule says, filled in."""
    english, chinese = SENTENCES[rule, result]
    return (
        english.format(**{name: pair[0] for name, pair in words.items()}),
        chinese.format(**{name: pair[1] for name, pair in words.items()}),
    )


def listed(codes: tuple[str, ...], words: dict[str, Pair]) -> Pair:
    """Several codes as one phrase."""
    pairs = [words.get(code, (code, code)) for code in codes]
    return ", ".join(pair[0] for pair in pairs), "、".join(pair[1] for pair in pairs)
