"""Which encoding a text is in: known for certain, or plainly said not to be known.

UTF-8 and UTF-16 show in the bytes themselves. Of the single-byte encodings of Windows every one
gives *some* text, so letters and words decide: a reading counts if its foreign letters are those
of a language written in that encoding and the language's commonest words are frequent in it, and
it is taken if no other text comes near.
"""

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from string import ascii_lowercase
from typing import Final

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_REPLACEMENT = "\ufffd"

_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"
_HEBREW = "אבגדהוזחטיכךלמםנןסעפףצץקרשת"
_ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويى"
_GERMAN = ("äöüß", "der die und den von zu das mit sich des auf ist für im dem nicht ein eine")
# English is printed beside names in any of these letters, which therefore tell nothing about it.
_ANY_LATIN = "".join(filter(str.isalpha, map(chr, range(0xC0, 0x180))))
_ENGLISH = (_ANY_LATIN, "the of and to in for on is with that by was are from at as")

# The languages written in each encoding: their letters beyond ASCII, and their commonest words of
# two letters or more. German stands twice because its letters are the same in both.
_LANGUAGES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "cp1252": (
        _ENGLISH,
        _GERMAN,
        ("àâçéèêëîïôùûüœ", "de la le les et des en du un une pour dans que au est par sur ne pas"),
        ("áéíñóúü", "de la que el en los del las un por con una para es se no"),
        ("àèéìòù", "di il la che in un per del della con non una le da sono nel"),
        ("áâãàçéêíóôõú", "de que do da em um para com não uma os no se na mais ao"),
        ("éëïöüè", "de het van een en in is dat op te voor met zijn die niet"),
        ("åäöé", "och att det en på är som för av med den till inte om ett"),
        ("æøåé", "og at det en er på til af av for med der den de ikke som"),
        ("äöå", "ja on ei se että oli ovat mutta kun tai jos sekä joka"),
        ("áðéíóúýþæö", "og að er sem til um við með var því ekki en"),
        ("ëç", "dhe të në për me nga një që është"),
    ),
    "cp1250": (
        _ENGLISH,
        _GERMAN,
        ("ąćęłńóśźż", "na się do nie jest to że jak po za od oraz dla przez"),
        ("áčďéěíňóřšťúůýž", "na se je že do pro za by nebo jako si od ve"),
        ("áäčďéíĺľňóôŕšťúýž", "na sa je že do pre za by aj alebo ako si od vo"),
        ("áéíóöőúüű", "az és hogy nem is egy meg ez azt van csak vagy"),
        ("ăâîşţ", "de la cu pe nu din care un pentru este sau mai"),
        ("čćđšž", "na je se za da od su ne koji kao ili će"),
        ("čšž", "na je se za da so ki ne od pri ali kot"),
    ),
    "cp1251": (
        (_CYRILLIC + "ё", "на не что по для от из как при это или его"),
        (_CYRILLIC + "ґєії", "на не що до для та про як за або від це"),
        (_CYRILLIC, "на да за се от не по са като или при че"),
        (_CYRILLIC + "ђјљњћџ", "на је да се за од не са који као или су"),
        (_CYRILLIC + "іў", "на не што па да для як або гэта"),
        (_CYRILLIC + "ѓѕјљњќџ", "на во да се од за не со кои како или"),
    ),
    "cp1253": ((_GREEK, "και το της να του την με για είναι από τα δεν σε που οι"),),
    "cp1254": (
        _ENGLISH,
        ("çğıöşüâîû", "ve bir bu için ile de da olarak olan değil daha gibi her"),
    ),
    "cp1255": ((_HEBREW, "של את על לא הוא עם כי גם או זה היא כל אל אם"),),
    "cp1256": (
        (_ARABIC, "في من على إلى أن هذا التي عن لا هذه أو مع لم هو هي ما"),
        (_ARABIC + "پچژگک", "در به از که اين این را با است براي برای آن يک یک يا"),
        (_ARABIC + "پچژگکٹڈڑںےہھ", "کے کی ميں میں اور ہے سے کا کو اس کہ پر نہيں نہیں ہيں ہیں"),
    ),
    "cp1257": (
        _ENGLISH,
        ("ąčęėįšųūž", "ir kad su tai yra bet ar nuo kaip už dėl iš"),
        ("āčēģīķļņšūž", "un ir ar no uz ka par kas nav vai tiek to lai arī"),
        ("äõöüšž", "ja on ei et see kui ka oma või mis kes aga seda"),
    ),
}
_WORD = re.compile(r"[^\W\d_]+")
# A symbol amid a word ("pomy¶lnie") shows a wrong encoding; what may stand there is left out, the
# vowel signs of Hebrew and Arabic among it.
_AMID_WORD = re.compile(
    r"[^\W\d_][^\w\s\x00-\x7f’‘´·–—…\u00ad\u0591-\u05c7\u064b-\u065f\u0670\u200b-\u200f][^\W\d_]"
)
_SLIPS = 0.02  # how many of the foreign words may hold such a symbol or a capital within
_OWN = 0.9  # the share of foreign letters that must be the language's own; the rest are names'
_ENOUGH = 0.05  # the share of common words; honest prose has 0.10 to 0.45
_FEWEST = 4  # fewer common words than these prove nothing
_CLEARLY = 2.0  # how many times as many as any other text gives
_SAMPLE = 64 * 1024


class EncodingError(Exception):
    """The encoding is not known or not supported; the message is the end of a sentence."""


def named(name: str) -> str:
    """Return the codec's own name for an encoding a person named.

    Raises EncodingError when Python knows no text encoding of that name.
    """
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)  # refuses codecs that are not of text, such as "zip" or "rot13"
    except (LookupError, UnicodeError) as error:
        raise EncodingError(f"“{name}” is not the name of a text encoding") from error
    return codec.name


def marked(head: bytes) -> str | None:
    """Return the encoding that the start of a text shows by its mark or its zero bytes."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" not in head:
        return None
    # Without a mark, UTF-16 shows in spaces and line ends, whose other half is a zero byte.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if min(even, odd) * 20 < max(even, odd) and max(even, odd) * 20 > len(head):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def detect(sample: bytes) -> str:
    """Return the encoding of a text from the part of it where other letters than ASCII begin.

    UTF-8 is taken for certain when it fits, and also when only a few bytes of it are damaged;
    otherwise one of windows-1250 to windows-1257. Raises EncodingError when it is none of these
    for certain.
    """
    if sample.isascii() or _is_utf8(sample):
        return "utf-8"
    readings = {}
    for encoding in _LANGUAGES:
        with suppress(UnicodeDecodeError):
            readings[encoding] = sample[:_SAMPLE].decode(encoding)
    scores = {encoding: _score(encoding, text) for encoding, text in readings.items()}
    for encoding, score in scores.items():
        others = (scores[name] for name in readings if readings[name] != readings[encoding])
        if score and score >= _CLEARLY * max(others, default=0):
            return encoding
    raise EncodingError(
        "it is not UTF-8, and which other encoding it is in cannot be told for certain; "
        "name it, for example windows-1252"
    )


def glance(head: bytes) -> str:
    """Return the start of a text for looking at: what cannot be decoded is replaced."""
    try:
        encoding = marked(head) or detect(head)
    except EncodingError:
        encoding = "utf-8"
    return codecs.getincrementaldecoder(encoding)("replace").decode(head).lstrip("\ufeff")


def _is_utf8(sample: bytes) -> bool:
    """Say whether the sample is UTF-8, whole or with a few damaged bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(sample)
    damaged = text.count(_REPLACEMENT)
    foreign = sum(1 for letter in text if letter > "\x7f") - damaged
    return foreign > damaged * 5


def _score(encoding: str, text: str) -> float:
    """Return the greatest share of common words among the languages whose letters these are."""
    found = _WORD.findall(text)
    if _slips(text, found) > _SLIPS:
        return 0.0
    words = [word.lower() for word in found]
    foreign = Counter(letter for word in words if not word.isascii() for letter in word)
    for letter in ascii_lowercase:
        del foreign[letter]
    least = max(_FEWEST, _ENOUGH * len(words))
    best = 0
    for letters, common in _languages(encoding):
        own = sum(count for letter, count in foreign.items() if letter in letters)
        if own >= _OWN * foreign.total():
            best = max(best, sum(map(common.__contains__, words)))
    return best / len(words) if best >= least else 0.0


def _slips(text: str, words: list[str]) -> float:
    """Return how many of the foreign words look wrongly decoded, as a share."""
    foreign = [word for word in words if not word.isascii()]
    capitals = sum(1 for word in foreign if word[1:] != word[1:].lower() and not word.isupper())
    return (capitals + len(_AMID_WORD.findall(text))) / max(len(foreign), 1)


@lru_cache(maxsize=16)
def _languages(encoding: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    return [
        (frozenset(letters), frozenset(words.split())) for letters, words in _LANGUAGES[encoding]
    ]
