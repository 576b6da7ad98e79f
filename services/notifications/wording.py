"""Notices in words: the text of a kind with its arguments, in Chinese and English, the same in the inbox and in a letter."""

from collections.abc import Mapping

from shared.texts import Text, load, notice, text

SERVICE = "notifications"


def say(text_key: str, args: Mapping[str, str]) -> tuple[Text, Text]:
    """Title and body of a notice. Arguments that are codes are shown in words where a label exists.

    x_zh and x_en both fill the place {x}, each in the text of its language.
    """
    labels = load(SERVICE)["labels"]
    spoken = {name: labels.get(f"{name}_{value}".lower(), {"zh": value, "en": value}) for name, value in args.items()}
    zh_title, zh_body = notice(SERVICE, text_key, {name.removesuffix("_zh"): each["zh"] for name, each in spoken.items()})
    en_title, en_body = notice(SERVICE, text_key, {name.removesuffix("_en"): each["en"] for name, each in spoken.items()})
    return Text(zh_title.zh, en_title.en), Text(zh_body.zh, en_body.en)


def label(key: str, **args: object) -> Text:
    """A text of letters and pages that belongs to no single notice."""
    return text(SERVICE, "labels", key, **args)
