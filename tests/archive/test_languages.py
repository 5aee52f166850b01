"""Searching in the languages stories are written in: real words, through the embedded engine."""

from __future__ import annotations

import pytest
from indexes import find, story

from dateline.archive.analysis import stem_term
from dateline.archive.engines.embedded import EmbeddedEngine

# Forms of one word each, as they stand in news; any of them must find all the others.
WORDS = {
    "en": ["election elections", "organise organised organising", "policy policies"],
    "fr": ["élection élections", "national nationale nationaux", "évaluer évaluées évaluation"],
    "de": ["Wahl Wahlen", "Verordnung Verordnungen", "Bundesrat Bundesrates", "Straße Strassen"],
    "es": ["elección elecciones", "mujer mujeres", "libertad libertades", "europeo europeas"],
    "it": ["elezione elezioni", "diritto diritti", "giornalista giornalisti"],
    "pt": ["direito direitos", "mulher mulheres", "observador observadores"],
    "nl": ["verkiezing verkiezingen", "vrouw vrouwen", "huis huizen"],
    "ru": ["выборы выборов выборах", "женщина женщин женщинам", "ребёнок ребенок"],
    "ar": [
        "انتخاب انتخابات الانتخابات والانتخابات انتخابية",
        "قانون القانون بالقانون",
        "إنسان الإنسان للإنسان",
        "منظمة المنظمة المنظمات منظمات",
        "وزارة الوزارة والوزارة الوزارات",
        "لاجئ لاجئين اللاجئين",
        "صحفي الصحفيين صحفيون",
    ],
    "sv": ["val valet valen", "rättighet rättigheter"],
    "da": ["rettighed rettigheder"],
    "nb": ["rettighet rettigheter"],
    "fi": ["vaali vaalit"],
    "hu": ["választás választások választásokat", "jog jogok"],
    "cs": ["právo práva"],
    "pl": ["wyborami wyborach wyborów"],
    "ro": ["judecător judecători"],
    "tr": ["seçim seçimler seçimlerde", "kadın kadınlar", "gazeteci gazeteciler"],
    "el": ["εκλογή εκλογές ΕΚΛΟΓΕΣ", "δικαίωμα δικαιώματα"],
    "sr": ["žena žene"],
    "hi": ["चुनाव चुनावों", "महिला महिलाओं"],
    "fa": ["کشور کشورها"],
}
GROUPS = [(language, group) for language, groups in WORDS.items() for group in groups]


@pytest.mark.parametrize(("language", "group"), GROUPS)
def test_any_form_of_a_word_finds_the_others(
    engine: EmbeddedEngine, language: str, group: str
) -> None:
    forms = group.split()
    engine.apply([story(n, form, language) for n, form in enumerate(forms, 1)], [], 1)
    every = [*range(len(forms), 0, -1)]
    assert {form: find(engine, form, language) for form in forms} == dict.fromkeys(forms, every)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "human", "humid"),
        ("de", "Recht", "Rechnung"),
        ("ar", "قانون", "قرار"),
        ("ar", "وزير", "زيارة"),
        ("es", "mujer", "mujerzuela"),
        ("ru", "право", "правительство"),
    ],
)
def test_other_words_stay_other_words(language: str, one: str, other: str) -> None:
    assert stem_term(one, language) != stem_term(other, language)


@pytest.mark.parametrize(
    ("typed", "written", "language"),
    [
        ("Prishtine", "Mission in Prishtinë", "en"),
        ("strasse", "Die Straße", "de"),
        ("STRASSE", "Die Straße", "de"),
        ("елка", "Ёлка", "ru"),
        ("Cote d'Ivoire", "Côte d’Ivoire", "fr"),
        ("oeuvre", "L’œuvre", "fr"),
        ("Lodz", "Łódź", "pl"),
        ("الامم", "الأُمَم", "ar"),
        ("مكتبه", "مكتبة", "ar"),
        ("الى", "إلي", "ar"),
        ("منظمة", "مـنـظـمـة", "ar"),
        ("٢٠١٦", "Year 2016", "en"),
        ("2016", "عام ٢٠١٦", "ar"),
        ("email", "By e-mail", "en"),
        ("e-mail", "By email", "en"),
        ("e-mails", "One e-mail", "en"),
        ("C-5", "Meeting C-5", "en"),
        ("c5", "Meeting C-5", "en"),
        ("№ 12", "Decision № 12/05", "en"),
        ("№12", "Решение № 12", "ru"),
        ("14-15 March", "on 14-15 March", "en"),
        ("15 March", "on 14–15 March", "en"),
        ('"14 15 march"', "on 14-15 March", "en"),
        ("人权", "促进人权和基本自由", "zh"),
        ("人", "促进人权", "zh"),
        ("欧安组织", "欧安组织代表", "zh"),
        ("投票", "国民投票の結果", "ja"),
        ("ウクライナ", "ウクライナの選挙", "ja"),
        ("ｳｸﾗｲﾅ", "ウクライナの選挙", "ja"),
        ("선거", "대통령선거에서", "ko"),
        ("การเลือกตั้ง", "ผลการเลือกตั้งทั่วไป", "th"),
        ("G20", "G20峰会", "zh"),
    ],
)
def test_what_readers_type_finds_what_writers_wrote(
    engine: EmbeddedEngine, typed: str, written: str, language: str
) -> None:
    engine.apply([story(1, written, language), story(2, "—", language)], [], 1)
    assert find(engine, typed, language) == [1]


@pytest.mark.parametrize(
    ("typed", "written", "language"),
    [
        ("权人", "促进人权", "zh"),  # the same letters in another order
        ("人自", "人权自由", "zh"),
        ("C-5", "C 4, 5 C", "en"),
        ("がき", "かき", "ja"),
        ("ไทย", "ไท", "th"),
    ],
)
def test_what_is_only_like_it_is_not_found(
    engine: EmbeddedEngine, typed: str, written: str, language: str
) -> None:
    engine.apply([story(1, written, language)], [], 1)
    assert find(engine, typed, language) == []


def test_one_question_over_stories_in_several_languages(engine: EmbeddedEngine) -> None:
    """Each text is matched by the stems of its own language, and by the word itself in any."""
    texts = [
        story(1, "Observations d’élections nationales", "fr"),
        story(2, "Wahlen: nationale Beobachter", "de"),
        story(3, "A national vote", "en"),
        story(4, "Национальные выборы", "ru"),
    ]
    engine.apply(texts, [], 1)
    assert find(engine, "nationaux", "fr", "de") == [1]
    assert find(engine, "nationales", "fr", "de") == [2, 1]
    assert find(engine, "nationale", "fr", "de") == [2, 1]
    assert find(engine, "Wahl", "de", "fr", "ru") == [2]
    assert find(engine, "Wahl", "fr") == []
    assert find(engine, "national", "en", "fr", "de") == [3, 2, 1]
