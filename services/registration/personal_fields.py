"""How names, telephone numbers and e-mail addresses are written, in workbooks and in requests.

Invariant: one person has one spelling. Copied text holds radicals for characters, marks of direction and private signs of GB18030; `plain`
removes them. `key` also folds variants (户, 戶), so it is for comparing and looking up; what is shown keeps the variant of the person.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Final

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field

NAME_LENGTH: Final = 50
PHONE: Final = re.compile(r"1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8}")
EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
EMAIL_LENGTH: Final = 254  # RFC 5321, 4.5.3.1.3, without the brackets


def is_email(text: str) -> bool:
    """Whether a mail server takes this as an address."""
    try:
        validate_email(text, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return EMAIL.fullmatch(text) is not None


def _email(text: str) -> str:
    if not is_email(text):
        message = "not an e-mail address"
        raise ValueError(message)
    return text


Email = Annotated[str, Field(pattern=f"^(?:{EMAIL.pattern})$", max_length=EMAIL_LENGTH), AfterValidator(_email)]

# Radicals without a compatibility mapping, and Kangxi radicals that NFKC maps to a form not used on the mainland. Source: Unicode,
# EquivalentUnifiedIdeograph.txt; 户, 青 and 黄 as in GB 18030.
_RADICALS: Final = dict(
    zip(
        "⺀⺂⺆⺈⺊⺌⺎⺕⺜⺧⺳⺶⺿⻀⻐⺁⺃⺄⺅⺇⺉⺋⺍⺏⺐⺑⺒⺓⺔⺖⺗⺘⺙⺛⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺴⺵⺷⺸⺹⺺⺻⺼⺽⺾⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳⼾⾭⿈",
        "冫乛冂𠂊卜小兀彐冃牛罒羊艹艹钅厂乛乚亻𠘨刂㔾𭕄尣尢𡯂巳幺彑忄㣺扌攵旡月歺母民氵氺灬爫爫丬犭王𤴔罒示礻𥫗糹纟罓罒网网羊𦍌耂肀聿月臼艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶阝長镸长门𨸏阝雨青韦页风飞食𩙿𩙿饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟户青黄",
        strict=True,
    )
)
# GB18030 put 80 characters of GBK into the private area (U+E815–E864); later editions gave all of them a place of their own.
_PRIVATE_BYTES: Final = [bytes((0xFE, low)) for low in (*range(0x50, 0x7F), *range(0x80, 0xA1))]
_PRIVATE_LATER: Final = {
    0xE816: "𠂇", 0xE817: "𠂉", 0xE818: "𠃌", 0xE81E: "龴", 0xE826: "龵", 0xE82B: "龶", 0xE82C: "龷", 0xE831: "𡗗", 0xE832: "龸",
    0xE83B: "𢦏", 0xE843: "龹", 0xE854: "龺", 0xE855: "𤇾", 0xE864: "龻",
}  # fmt: skip
_PRIVATE: Final = {0xE815 + place: code.decode("gb18030") for place, code in enumerate(_PRIVATE_BYTES)} | _PRIVATE_LATER
_WRITTEN: Final[Mapping[int, str]] = _PRIVATE | {ord(radical): character for radical, character in _RADICALS.items()}
# Variants that people and offices write for one another. Only for comparing.
_VARIANTS: Final = str.maketrans(
    "戶戸靑黃吳呂嬀溈啓鄕淸眞敎內強緖藴溫查產靜德槪說閱稅銳悅脫爭淨尙彥顏巿決沖衞衛俞吕",
    "户户青黄吴吕妫沩启乡清真教内强绪蕴温查产静德概说阅税锐悦脱争净尚彦颜市决冲卫卫俞吕",
)
_USUAL: Final = re.compile("[!-~\u4e00-\u9fff]*")  # in normal form as it is
_REMOVED: Final = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
_SELECTORS: Final = frozenset({*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})


def plain(cell: object) -> str:
    """Text of a cell in normal form: characters for radicals and private signs, full-width signs narrowed (NFKC), no blanks or invisible
    signs at all, whole numbers without ".0".
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell)
    if _USUAL.fullmatch(text):
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKC", text.translate(_WRITTEN)) if _is_kept(sign))


def key(text: str) -> str:
    """What two spellings of one name have in common: its normal form, variants of characters folded, in small letters."""
    return plain(text).translate(_VARIANTS).casefold()


def unprintable(text: str) -> bool:
    """Whether the text holds a sign that no font on paper has: a private or unassigned one."""
    return any(unicodedata.category(sign) in {"Co", "Cn", "Cs"} for sign in text)


def _is_kept(sign: str) -> bool:
    return unicodedata.category(sign) not in _REMOVED and ord(sign) not in _SELECTORS
