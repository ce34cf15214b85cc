"""The terms of access as running text, for formats that have one property for them."""

from __future__ import annotations

from generator import terms
from generator.public import Access, Contact, Openness
from generator.text import Text, bilingual

OPENNESS: dict[Openness, Text] = {
    "unconditional": bilingual("无条件开放", "Open to everyone without conditions"),
    "conditional": bilingual("有条件开放", "Open on conditions, on application"),
    "closed": bilingual("不予开放", "Not open"),
}
_LABELS = terms.labels(terms.ACCESS)


def terms_text(openness: Openness, access: Access | None, lang: str) -> str:
    """In ``lang``, apart from what the author gave in another language only."""
    colon, comma, stop = ("：", "；", "。") if lang == "zh" else (": ", "; ", ". ")
    sentences = [OPENNESS[openness].to(lang)[0]]
    for name, texts in _told(access):
        known = [text.to(lang)[0].rstrip("。. ") for text in texts if text]
        if known:
            sentences.append(_LABELS[name][lang] + colon + comma.join(known))
    return (stop.join(sentences) + stop).strip()


def has_translation(access: Access | None, lang: str) -> bool:
    """Is anything in the language? Else the text would be labels around another language."""
    # The channel is addresses and numbers, which are of any language.
    said = [text for name, texts in _told(access) if name != "channel" for text in texts if text]
    return not said or any(text.has(lang) for text in said)


def free_of_charge(access: Access | None) -> bool | None:
    """What the fee's text says, as far as that can be told; None when nothing is said."""
    if access is None or not access.fee:
        return None
    said = {access.fee.to(lang)[0].strip().lower() for lang in ("zh", "en")}
    return bool(said & {"免费", "无偿", "free", "free of charge", "none"})


def _told(access: Access | None) -> tuple[tuple[str, tuple[Text, ...]], ...]:
    if access is None:
        return ()
    days = Text(str(access.response_days), "und") if access.response_days is not None else Text()
    return (
        ("reason", (access.reason,)),
        ("legal_basis", (access.legal_basis,)),
        ("applicants", (access.applicants,)),
        ("purposes", access.purposes),
        ("conditions", access.conditions),
        ("security", access.security),
        ("materials", access.materials),
        ("channel", (_channel(access.channel),)),
        ("response_days", (days,)),
        ("fee", (access.fee,)),
        ("agreement", (access.agreement.title,)),
        ("embargo_until", (Text(access.embargo_until, "und"),)),
    )


def terms_of_channel(channel: Contact, lang: str) -> str:
    """Where to apply, in a line."""
    known = (
        channel.name.to(lang)[0], channel.url, channel.email, channel.phone,
        channel.address.to(lang)[0], channel.hours.to(lang)[0],
    )  # fmt: skip
    return ("，" if lang == "zh" else ", ").join(part for part in known if part)


def _channel(channel: Contact) -> Text:
    zh, en = (terms_of_channel(channel, lang) for lang in ("zh", "en"))
    return bilingual(zh, en) if zh or en else Text()
