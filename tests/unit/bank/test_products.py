"""The product file: figures by path, names to products, and errors a person can act on."""

from __future__ import annotations

import pytest

from bot.bank.errors import FigureMissing
from bot.bank.products import Products
from bot.money import Money, Rate


@pytest.fixture(scope="module")
def products() -> Products:
    return Products.load()


def test_a_figure_is_found_by_its_path(products):
    """Text, amount, rate, whole number and list each have their reading."""
    assert products.value("随心借.年利率上限") == "18.00"
    assert products.rate("随心借.年利率上限") == products.daily_rate("随心借.日利率上限") == Rate.percent(18)
    assert products.money("随心借.额度上限") == Money.parse("200000")
    assert products.whole("随心花.还款日") == 10
    assert products.whole_list("随心花.可选期数") == (3, 6, 12)
    assert products.text("随心花.可选期数") == "3、6、12"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("随心借", "随心借"),
        ("借款", "随心借"),
        (" 「月付」", "随心花"),
        ("定期存款", "定期存款"),
        ("余额宝", None),
    ],
)
def test_customers_names_lead_to_the_product(products, said, meant):
    """Aliases and the market's generic names map to ours; others map to nothing."""
    assert products.product(said) == meant


def test_the_bank_itself_is_not_a_product(products):
    """Its address and telephone are figures, not something to sell."""
    assert "bank" not in products.names
    assert products.value("bank.app名称")


@pytest.mark.parametrize("path", ["随心借.没有这个", "没有.年利率", "随心借", "随心借."])
def test_a_missing_figure_is_named_by_its_path(products, path):
    """The error says which path, so that operations staff can add it."""
    with pytest.raises(FigureMissing, match=path.partition(".")[0]):
        products.value(path)
    assert not products.has(path)


def test_a_figure_of_the_wrong_kind_is_named_too(products):
    """An unquoted number, a word for an amount, a list for a whole number."""
    wrong = Products({"某产品": {"额度": 500.0, "利率": "很低", "期数": ["三"], "还款日": "十号"}})
    for read, path in (
        (wrong.money, "某产品.额度"),
        (wrong.rate, "某产品.利率"),
        (wrong.whole_list, "某产品.期数"),
        (wrong.whole, "某产品.还款日"),
    ):
        with pytest.raises(FigureMissing, match=path):
            read(path)


def test_an_alias_of_two_products_is_refused():
    """A name that could mean either would give one customer the other's figures."""
    with pytest.raises(FigureMissing, match="同时属于"):
        Products({"甲": {"别名": ["月付"]}, "乙": {"别名": ["月付"]}})


@pytest.mark.parametrize("text", ["- 一列\n", "随心借: 18\n", "a: [", ""])
def test_a_broken_file_is_refused_in_words(tmp_path, text):
    """The name of the file and what is wrong with it."""
    file = tmp_path / "products.yml"
    file.write_text(text, "utf-8")
    with pytest.raises(FigureMissing, match=r"products\.yml"):
        Products.load(file)
    with pytest.raises(FigureMissing, match=r"missing\.yml"):
        Products.load(tmp_path / "missing.yml")


def test_the_figures_agree_with_each_other(products):
    """Daily and yearly rates are the same rate; the yearly cost of bill instalments is what the maths says."""
    from bot.money import fee_schedule, schedule_apr

    assert products.rate("随心借.年利率下限") == products.daily_rate("随心借.日利率下限")
    year = fee_schedule(Money.parse("10000"), products.value("随心花.分期每期费率"), 12)
    assert schedule_apr(year).simple.render() == products.value("随心花.分期年化单利") + "%"


def test_every_figure_is_exact(products):
    """No float anywhere: amounts and rates are quoted text, counts are whole numbers."""
    for path in products.paths():
        value = products.value(path)
        assert type(value) in (str, int, list), path
