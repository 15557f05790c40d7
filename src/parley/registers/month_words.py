"""The words that stand in written dates: months in four languages, and the words around a date that say nothing about the day.

All words are written folded (lower case, no accents that a typist leaves out). Sources: the ordinary calendars of Ukrainian,
Russian and English; for Arabic the three sets in use (Levant and Iraq, Egypt and the Gulf, the Maghreb).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_MONTHS: Final = (
    "січень січня січні січ | январь января январе янв | january jan | يناير جانفي كانون_الثاني كانون_ثاني",
    "лютий лютого лютому лют | февраль февраля феврале фев февр | february feb | فبراير فيفري شباط",
    "березень березня березні бер берез | март марта марте мар | march mar | مارس اذار",
    "квітень квітня квітні кві квіт | апрель апреля апреле апр | april apr | ابريل افريل نيسان",
    "травень травня травні тра трав | май мая мае | may | مايو ماي ايار",
    "червень червня червні чер черв | июнь июня июне июн | june jun | يونيو جوان حزيران",
    "липень липня липні лип | июль июля июле июл | july jul | يوليو جويلية تموز",
    "серпень серпня серпні сер серп | август августа августе авг | august aug | اغسطس اوت اب",
    "вересень вересня вересні вер верес | сентябрь сентября сентябре сен сент | september sep sept | سبتمبر ايلول",
    "жовтень жовтня жовтні жов жовт | октябрь октября октябре окт | october oct | اكتوبر تشرين_الاول تشرين_اول",
    "листопад листопада листопаді лис лист | ноябрь ноября ноябре ноя нояб | november nov | نوفمبر تشرين_الثاني تشرين_ثاني",
    "грудень грудня грудні гру груд | декабрь декабря декабре дек | december dec | ديسمبر كانون_الاول كانون_اول",
)
MONTHS: Final[Mapping[str, int]] = {
    word: number for number, words in enumerate(_MONTHS, start=1) for word in words.replace("|", " ").split()
}
"""Each word of a month with its number; the two words of an Arabic month are joined by an underscore."""

ROMAN: Final[Mapping[str, int]] = {
    word: number for number, word in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), start=1)
}
ROMAN_LETTERS: Final = str.maketrans("іхІХ", "ixIX")
"""Cyrillic letters with which Roman figures are typed."""

UNKNOWN: Final = frozenset(
    """
    ? ?? ??? - -- --- – — . … ... / * n/a na nan none null unknown unk нет нема ні немає
    невідомо невідома невідомий невідоме невід нев н/в н/д не_відомо не_встановлено невстановлено відсутня відсутній
    неизвестно неизвестна неизвестен неизв н/у не_известно не_установлено не_указано не_указана не_вказано
    not_known not_stated not_given no_data غير_معروف غير_معروفة مجهول لا_يوجد غير_متوفر
    """.split()
)
"""What people write into a date's cell to say that they do not know it; several words joined by underscores."""

NOISE: Final = frozenset(
    """
    р рр році д н нр у року рік рн народження народився народилася народ нар дн дата роки уродженець
    г гг год году года гр рождения родился родилась род др
    в born birth date of dob b d on in the year day st nd rd th го е й я ої
    في عام سنة مواليد تاريخ الميلاد ميلاد ولد ولدت م ميلادي ميلادية الموافق يوم من شهر لعام لسنة ميلاده
    понеділок вівторок середа четвер пʼятниця п'ятниця субота неділя
    понедельник вторник среда четверг пятница суббота воскресенье
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
    الاثنين الثلاثاء الاربعاء الخميس الجمعة السبت الاحد
    """.split()
)
"""Words around a date that change nothing about it."""

ABOUT: Final = frozenset(
    """
    ~ ≈ бл близько біля приблизно прибл орієнтовно ориентировочно около ок приблизительно примерно
    c ca circa approx approximately about abt est around حوالي نحو تقريبا قرابة
    """.split()
)
UNSURE: Final = frozenset(
    "? (?) можливо ймовірно імовірно возможно вероятно предположительно perhaps possibly probably maybe ربما يحتمل".split()
)
BEFORE: Final = frozenset("до перед раніше раньше before bef قبل".split())
AFTER: Final = frozenset("після пізніше после позже after aft since بعد منذ".split())
OR: Final = frozenset("або чи или либо or او".split())
BETWEEN: Final = frozenset("між между between بين".split())
AND: Final = frozenset("та і й и and و".split())
FROM: Final = frozenset("з від с от from".split())
TO: Final = frozenset("по до to till until الى".split())
AGE: Final = frozenset("років рік роки лет возраст вік aged age years old yo yrs عمره عمرها سنوات العمر".split())
SEASONS: Final[Mapping[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "весна весни весною весной навесні spring ربيع",
            "літо літа літом влітку лето лета летом summer صيف",
            "осінь осені восени осень осени осенью autumn fall خريف",
            "зима зими взимку зимою зимой зимы winter شتاء",
        ),
        start=21,
    )
    for word in words.split()
}
"""Seasons by their EDTF number; hemispheres are not told apart there either."""
HIJRI: Final = frozenset("ه هـ هجري هجرية هجريا hijri ah шамсі".split())
"""Marks of a year that is not Gregorian."""
