"""Texts in other languages: only what needs no words is said."""

import pytest

from bot.coach import Coach
from bot.rules import LANGUAGES, RuleSet
from bot.rules.language import foreign_language

FOREIGN = {
    "de": "Unsere Bäckerei zieht um, ab Montag findet ihr uns neben dem alten Bahnhof in der Gartenstraße.",
    "fr": "Notre boulangerie déménage, dès lundi vous nous trouverez à côté de la vieille gare du village.",
    "es": "Nuestra panadería se muda, desde el lunes nos encuentras al lado de la vieja estación del pueblo.",
    "it": "Il nostro forno si sposta, da lunedì ci trovate accanto alla vecchia stazione del paese.",
    "pt": "A nossa padaria muda de lugar, a partir de segunda-feira estamos ao lado da antiga estação.",
    "nl": "Onze bakkerij verhuist, vanaf maandag vind je ons naast het oude station in het dorp.",
    "pl": "Nasza piekarnia się przeprowadza, od poniedziałku znajdziecie nas obok starego dworca.",
    "sv": "Vårt bageri flyttar, från och med måndag hittar ni oss bredvid den gamla stationen.",
    "tr": "Fırınımız taşınıyor, pazartesiden itibaren bizi eski istasyonun yanında bulabilirsiniz.",
    "ru": "Наша пекарня переезжает, с понедельника вы найдёте нас рядом со старым вокзалом.",
    "ja": "パン屋は月曜日から古い駅の隣に移転します。",
    "zh": "我们的面包店从星期一起搬到老火车站旁边。",
    "ko": "우리 빵집은 월요일부터 오래된 역 옆으로 이사합니다.",
    "ar": "ينتقل مخبزنا يوم الاثنين إلى جانب محطة القطار القديمة.",
}


@pytest.mark.parametrize(("code", "text"), FOREIGN.items())
def test_the_language_is_named(rules: RuleSet, code: str, text: str) -> None:
    review = rules.review(text)
    assert review.language == code
    assert review.language in LANGUAGES
    assert (review.verdict, review.flags) == ("human", ())


@pytest.mark.parametrize(
    "text",
    [
        "Our bakery moves next to the old station on Monday.",
        "Sourdough workshop Saturday",
        "Launching Crumbly 2.0 pricing dashboards",
        "Big news! Sign up today and save 20%",
        "lol ok gr8 c u l8r m8",
        "Thx!",
        "👏👏👏",
        "@ana @ben #brot #sauerteig #backen",
        "https://shop.example/brot-und-kuchen",
        "const brot = fs.readFileSync(path)",
        "Café Zürich",
        "",
    ],
)
def test_english_slang_names_and_scraps_are_no_other_language(rules: RuleSet, text: str) -> None:
    assert rules.review(text).language is None


def test_only_what_needs_no_words_is_flagged(rules: RuleSet) -> None:
    text = FOREIGN["de"] + " Sign up now! {first_name} #brot #kuchen #torte #sale"
    review = rules.review(text)
    assert review.language == "de"
    assert {flag.rule for flag in review.flags} == {"AutoDM.MergeTags", "Megaphone.Hashtags"}
    assert review.praise == ()


def test_shouting_needs_no_words(rules: RuleSet) -> None:
    review = rules.review("GROSSE ERÖFFNUNG MORGEN! Jetzt kommen und sparen, nur solange der Vorrat reicht #a #b #c")
    assert review.language == "de"
    assert "Megaphone.Shouting" in {flag.rule for flag in review.flags}


def test_the_same_answer_each_time() -> None:
    assert {foreign_language(FOREIGN["nl"]) for _ in range(20)} == {"nl"}


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert foreign_language("the bakery is on the road. " * 60 + FOREIGN["fr"] * 100) is None


def test_rules_alone_write_no_english_into_another_language(rules: RuleSet) -> None:
    coach = Coach(rules)
    suggestion = coach.rewrite(coach.review(FOREIGN["de"] + " #brot #kuchen #torte #sale"))
    assert suggestion.rewrites == ()
    assert suggestion.questions
