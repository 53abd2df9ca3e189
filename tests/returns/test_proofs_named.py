"""Every clause, abuse case and bad input that issue 4 lists has its named test; none gets lost.

The tables name tests by what their names begin with, so that a renamed or removed one fails here.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CLAUSES = ("consumer_law_", "measures_", "regulations_", "three_guarantees_", "crd_", "food_law_")

# law.md 6.1: rule → tests begin with test_e01_ …; at least one of them cites its clause.
NO_REASON = [f"e{number:02d}" for number in range(1, 18)]
# law.md 6.2: row → the test that holds it, with the clause in its name.
INTACT_AND_REFUND = {
    "intact in general": "general_original_quality_function_accessories_labels_measures_8",
    "seals": "food_cosmetics_medical_goods_break_with_their_seal_measures_9_1",
    "electronics": "electronics_break_with_change_marks_use_activation_measures_9_2",
    "clothes": "clothes_shoes_bags_toys_break_with_tag_or_soil_measures_9_3",
    "outer carton": "outer_carton_and_opened_packing_are_no_ground_measures_8",
    "return freight": "return_postage_without_reason_is_on_the_customer_measures_18",
    "return freight of a fault": "return_postage_of_a_fault_is_on_the_shop_without_cap_consumer",
    "outbound freight": "outbound_freight_is_deducted_when_free_delivery_is_lost_measures_18_2",
    "outbound freight elsewhere": "outbound_freight_comes_back_where_the_terms_say_so_crd_13",
    "amount": "amount_is_what_was_really_paid_measures_17",
    "discount by sum": "lost_discount_is_settled_at_purchase_prices_measures_17",
    "discount, both ways": "discount_of_what_is_kept_counts_both_ways_measures_17",
    "route": "each_tender_gets_its_own_share_back_measures_14",
    "another route": "store_credit_needs_the_customers_express_consent_measures_14",
    "points and coupons": "points_and_coupons_are_given_back_in_kind_measures_15",
    "card fee": "waived_card_fee_may_be_deducted_measures_16",
    "gift": "kept_gift_costs_its_pre_stated_price_measures_12",
    "resale": "used_goods_do_not_go_back_to_stock_measures_25",
    "warranty return": "warranty_return_gives_the_invoice_price_in_one_sum_regulations_18_2",
    "extra pay": "statutory_damages_are_never_inside_the_refund_consumer_law_55",
}
ABUSE = [f"abuse_{number:02d}_" for number in range(1, 21)]
BAD_INPUT = {
    "zero, negative, NaN, three decimals, huge": "abuse_11_odd_amounts_are_refused",
    "foreign currency": "abuse_12_currency_is_the_payments",
    "another customer's order": "abuse_13_another_customers_order_is_refused",
    "quantity above bought, asked for": "bad_quantity_is_refused",
    "quantity above bought, refunded": "abuse_19_an_article_gives_back_what_was_paid_for_it_once",
    "unpaid order": "case_without_order_unpaid_and_canceled_orders_are_refused",
    "replayed notification": "abuse_15_replayed_notification_is_taken_once",
    "form sent twice, asked for": "form_sent_twice_is_one_return",
    "form sent twice, received": "form_sent_twice_is_one_reception",
    "form sent twice, refund": "form_sent_twice_is_one_refund",
    "form sent twice, decided": "form_sent_twice_is_one_decision",
    "form sent twice, at the same moment": "form_sent_at_once_from_one_page_is_one_refund",
}


@cache
def names() -> frozenset[str]:
    """Test functions of this folder, without ``test_``."""
    found: set[str] = set()
    for file in TESTS.rglob("test_*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return frozenset(name.removeprefix("test_") for name in found if name.startswith("test_"))


def beginning(start: str) -> list[str]:
    return [name for name in names() if name.startswith(start)]


@pytest.mark.parametrize("rule", NO_REASON)
def test_rule_of_6_1_has_a_test_that_cites_its_clause(rule: str) -> None:
    assert any(clause in name for name in beginning(f"{rule}_") for clause in CLAUSES)


@pytest.mark.parametrize("row", list(INTACT_AND_REFUND))
def test_row_of_6_2_has_its_test(row: str) -> None:
    assert beginning(INTACT_AND_REFUND[row])


@pytest.mark.parametrize("case", ABUSE)
def test_abuse_case_has_its_test(case: str) -> None:
    assert beginning(case)


@pytest.mark.parametrize("kind", list(BAD_INPUT))
def test_bad_input_has_its_test(kind: str) -> None:
    assert beginning(BAD_INPUT[kind])
