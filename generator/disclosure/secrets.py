"""Keys, tokens and passwords in what is to be published (decision 0020).

What a secret looks like is detect-secrets' knowledge, but for the clouds that it does not know. Its detectors are only
asked about lines in which something is seen that each of those secrets has: that costs 2 ms for a megabyte. It never
asks a service whether a key is valid. Nothing here gives a value back: of what was found, the kind and the length are
told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

KEY, PASSWORD = "secret-key", "secret-password"
"""Kinds of problems, and classes of waivers."""


@dataclass(frozen=True, slots=True)
class Secret:
    name: str
    """``KEY`` or ``PASSWORD``."""
    kind: str
    """Whose: «AWS Access Key»."""
    start: int
    end: int

    @property
    def masked(self) -> str:
        return f"{self.kind} (*{self.end - self.start})"

    @property
    def in_words(self) -> tuple[str, str]:
        """Chinese and English."""
        length = self.end - self.start
        return f"{_in_chinese(self.kind)}，{length} 个字符", f"{self.kind}, {length} characters"


_IN_CHINESE = {
    "Private Key": "私钥",
    "password": "密码",
    "connection string": "带密码的数据库连接地址",
    "Basic Auth Credentials": "带用户名和密码的网址",
    "JSON Web Token": "登录令牌（JWT）",
    "Azure Storage Account access key": "Azure 存储的访问密钥",
    "Square OAuth Secret": "Square 的密钥",
    "SendGrid API Key": "SendGrid 的密钥",
    "Google API Key": "Google 的密钥",
    "Alibaba Cloud AccessKey": "阿里云的访问密钥",
    "Tencent Cloud SecretId": "腾讯云的访问密钥",
    "NPM tokens": "NPM 的令牌",
    "AI API Key": "人工智能接口的密钥",
    "Map API Key": "地图接口的密钥",
    "Webhook Token": "群机器人的地址",
    "Bearer Token": "接口的访问令牌",
}
_ENDINGS = {" Access Key": "的访问密钥", " Key": "的密钥", " Token": "的令牌", " Credentials": "的密钥"}


def _in_chinese(kind: str) -> str:
    """The names of products stay; what they call their secrets is said."""
    ending = next((ending for ending in _ENDINGS if kind.endswith(ending)), "")
    return _IN_CHINESE.get(kind) or (f"{kind.removesuffix(ending)} {_ENDINGS[ending]}" if ending else "密钥")


_AFTER_ITS_NAME = (
    r"(?i)(?:(?:(?<![0-9a-z])(?:password|passwd|pwd|secret[ _-]?(?:access[ _-]?)?key|access[ _-]?key[ _-]?secret"
    r"|api[ _-]?(?:key|secret)|(?:app|client|consumer)[ _-]?secret|(?:access|auth|refresh)[ _-]?token)"
    r"|密码|口令|密钥)[\"']?\s*[:：=]|(?:密码|口令|密钥)[为是])\s*[\"']?([!-\x26(-~]{8,128})"
)
_AFTER_A_BLANK = r"(?:密码|口令)\s+(?=[!-~]*[a-z])([!-\x26(-~]{8,64})"
"""Without a colon only what has small letters: standards of cryptography (商用密码 GM/T0054) have none."""
_DATABASES = r"(?:rediss?|amqps?|mongodb(?:\+srv)?|mysql|mariadb|postgres(?:ql)?|clickhouse|oracle|sqlserver|s?ftp)"
_MAPS = (
    r"(?i)(?:高德|百度|腾讯|天地图|地图|amap|baidu|tianditu|map\.qq)[^\r\n]{0,80}?"
    r"(?<![0-9A-Za-z])(?:key|ak|tk)[\"']?\s*[:：=]\s*[\"']?"
    r"([0-9A-Za-z]{32}|[0-9A-Z]{5}(?:-[0-9A-Z]{5}){5})(?![0-9A-Za-z])"
)
_CONNECTION = (
    r"(?i)\b(?:jdbc:|server=|data source=|host=)[^\r\n\"']{0,300}?"
    r"[;?&]\s*(?:password|pwd)\s*=([^;&\s\"'*<>{}$]{4,})"
)
_AI = (
    r"(?<![0-9A-Za-z-])sk-"
    r"(?:(?=[^A-Z\s]*[A-Z])(?=[^0-9\s]*[0-9])[0-9A-Za-z_-]{32,}|[0-9a-f]{32}(?![0-9A-Za-z]))"
)
_BEARER = (
    r"(?i)(?<![a-z])(?:bearer|authorization[\"']?\s*[:=]\s*[\"']?(?:basic|token))\s+"
    r"(?=[^0-9\s]*[0-9])([0-9A-Za-z._~+/=-]{24,})"
)
_OWN: tuple[tuple[str, str, str], ...] = (
    # name, kind, pattern: its group 1, or the whole, is the secret
    (KEY, "Alibaba Cloud AccessKey", r"(?<![0-9A-Za-z])LTAI[0-9A-Za-z]{12,26}(?![0-9A-Za-z])"),
    (KEY, "Tencent Cloud SecretId", r"(?<![0-9A-Za-z])AKID[0-9A-Za-z]{13,40}(?![0-9A-Za-z])"),
    (KEY, "Google API Key", r"(?<![0-9A-Za-z])AIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])"),
    (KEY, "GitHub Token", r"(?<![0-9A-Za-z])github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}"),
    (KEY, "NPM tokens", r"(?<![0-9A-Za-z])npm_[0-9A-Za-z]{36}(?![0-9A-Za-z])"),
    (KEY, "AI API Key", _AI),
    (KEY, "Map API Key", _MAPS),
    (KEY, "Webhook Token", r"oapi\.dingtalk\.com/robot/send\?access_token=([0-9a-f]{64})"),
    (KEY, "Webhook Token", r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([0-9a-f-]{36})"),
    (KEY, "Webhook Token", r"open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/([0-9a-f-]{36})"),
    (KEY, "Bearer Token", _BEARER),
    (KEY, "Private Key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    (KEY, "Azure Storage Account access key", r"AccountKey=([0-9A-Za-z+/]{86}==)"),
    (PASSWORD, "connection string", _CONNECTION),
    (PASSWORD, "connection string", rf"(?i)(?<![a-z]){_DATABASES}://[^\s:/@]*:([^\s/@]+)@"),
    (PASSWORD, "password", _AFTER_ITS_NAME),
    (PASSWORD, "password", _AFTER_A_BLANK),
)  # fmt: skip
_PLUGINS = (
    "AWSKeyDetector", "AzureStorageKeyDetector", "DiscordBotTokenDetector", "GitHubTokenDetector",
    "GitLabTokenDetector", "JwtTokenDetector", "MailchimpDetector", "NpmDetector", "OpenAIDetector",
    "PypiTokenDetector", "SendGridDetector", "SlackDetector",
    "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "BasicAuthDetector",
)  # fmt: skip
"""Of detect-secrets. Not asked: entropy, keywords and IP addresses, which are true of ordinary data; Artifactory's,
Cloudant's, IBM's and Twilio's, whose form many an identifier has."""
_BOUND = frozenset(("AWS Access Key",))
"""Their detectors' patterns begin and end anywhere."""
_PASSWORDS = frozenset(("Basic Auth Credentials",))

_OF_DETECTORS = (
    r"PRIVATE KEY|(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9]|LTAI|AKID)[0-9A-Za-z]{12}|AIza[0-9A-Za-z_-]{20}"
    r"|gh[pousr]_[0-9A-Za-z_]{20}|github_pat_|glpat-|gldt-|glft-|glsoat-|glrt-|xox[abposr]-|hooks\.slack|[rs]k_live_"
    r"|sk-[A-Za-z0-9_-]{16}|eyJ[A-Za-z0-9_-]{10}|pypi-AgE|SG\.[A-Za-z0-9_-]{20}|sq0csp-|npm_[0-9A-Za-z]{20}|_authToken"
    r"|[0-9a-z]{32}-us[0-9]|[0-9]{8,10}:[0-9A-Za-z_-]{35}|[MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.|AccountKey="
    r"|://[^\s/:@,]*:[^\s/@,]+@"
)
"""What the detectors find holds this."""
SUSPICION = (
    _OF_DETECTORS + r"|[Pp]ass[Ww](?:or)?d|PASSW(?:OR)?D|[Pp][Ww][Dd]\W|[Ss]ecret|SECRET"
    r"|(?:[Aa]pi|API)[ _-]?(?:[Kk]ey|KEY)"
    r"|[Tt]oken\W|TOKEN\W|[Bb]earer |BEARER |uthorization"
    r"|(?:^|[^0-9A-Za-z])(?:key|ak|tk|KEY|AK|TK)[\"']?\s?(?:[:=]|：)\s?[\"']?[0-9A-Za-z]{5}"
    r"|/webhook/send|/bot/v2/hook/|密码|口令|密钥"
)
"""Whatever is found holds this. RE2 and Python's ``re`` read it alike."""
_SUSPICION = re.compile(SUSPICION)
_SUSPICION_OF_DETECTORS = re.compile(_OF_DETECTORS)
_SUSPICION_OF_BYTES = re.compile(SUSPICION.encode())
_LONGEST = 20_000
"""Characters around a suspicion that the detectors are given: some take quadratic time."""
_AROUND = 2_000
_PLACEHOLDER = re.compile(
    r"(?i)^(.)\1*$|example|changeme|placeholder|your[_-]?|xxxx|\*\*\*|<|\$\{|\{\{"
    r"|^(?:none|null|true|false|string|required|optional)$|示例|省略"
    r"|(?:^|:)(?:password|passwd|pass|pwd|secret|token|user)@?$"
)
_NAMES = re.compile(
    r"(?i)^(?:.*_)?(?:password|passwd|pwd|secret|secret_?key|token|access_?token|api_?key|private_?key|密码|口令|密钥|令牌)$"
)
_BIG = 1 << 20


def is_suspect(text: str) -> bool:
    return len(text) > 7 and _SUSPICION.search(text) is not None


def find(text: str) -> list[Secret]:
    """The secrets in one text, in their order; where two detectors find one, it is told once."""
    if not is_suspect(text):
        return []
    found: list[Secret] = []
    for begin, part in _parts(text):
        found += [Secret(s.name, s.kind, s.start + begin, s.end + begin) for s in _in_part(part)]
    kept: list[Secret] = []
    for secret in sorted(found, key=lambda s: (s.start, -s.end, s.name)):
        if not kept or secret.start >= kept[-1].end:
            kept.append(secret)
    return kept


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """A long text as what stands around each suspicion."""
    if len(text) <= _LONGEST:
        yield 0, text
        return
    last = 0
    for suspicion in _SUSPICION.finditer(text):
        begin, end = max(last, suspicion.start() - _AROUND), suspicion.end() + _AROUND
        if end > last:
            yield begin, text[begin:end]
            last = end


def _in_part(text: str) -> Iterator[Secret]:
    for name, kind, pattern in _own():
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            if not _PLACEHOLDER.search(match[group]) and (name == KEY or _is_mixed(match[group], kind)):
                yield Secret(name, kind, *match.span(group))
    for plugin in _plugins() if _SUSPICION_OF_DETECTORS.search(text) else ():
        # Its answer may be a part of the secret only: what its patterns match is taken whole.
        if any(not _PLACEHOLDER.search(value) for value in plugin.analyze_string(text)):
            name = PASSWORD if plugin.secret_type in _PASSWORDS else KEY
            bound = plugin.secret_type in _BOUND
            for pattern in plugin.denylist:
                for match in pattern.finditer(text):
                    if not _PLACEHOLDER.search(match[0]) and not (bound and _is_within(text, match)):
                        yield Secret(name, plugin.secret_type, *(_whole(text, match) if name == KEY else match.span()))


def _is_within(text: str, match: re.Match[str]) -> bool:
    """Whether it is a part of a longer word, as of a gene's sequence."""
    around = text[match.start() - 1 : match.start()] if match.start() else "", text[match.end() : match.end() + 1]
    return any(letter.isascii() and letter.isalnum() for letter in around)


def _whole(text: str, match: re.Match[str]) -> tuple[int, int]:
    """To where the token ends, which is more than some patterns ask for."""
    start, end = match.span()
    while end < len(text) and text[end] in _TOKEN:
        end += 1
    while start and text[start - 1] in _TOKEN:
        start -= 1
    return start, end


_TOKEN = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.+/")


def _is_mixed(value: str, kind: str) -> bool:
    """A word after «password:» in prose is none; letters with digits are."""
    return kind != "password" or (any(c.isdigit() for c in value) and any(c.isalpha() for c in value))


@cache
def _own() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple((name, kind, re.compile(pattern)) for name, kind, pattern in _OWN)


@cache
def _plugins() -> tuple[Any, ...]:
    """Imported where there is a suspicion: with its HTTP client, which is never used, that takes half a second."""
    import importlib
    import pkgutil

    import detect_secrets.plugins as package

    modules = [importlib.import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__)]
    classes = {name: value for module in modules for name, value in vars(module).items() if isinstance(value, type)}
    return tuple(classes[name]() for name in _PLUGINS)


# --- many texts at once


def first_suspect(content: bytes) -> int:
    """Where in the content of a file a suspicion is; -1 for nowhere. Texts in UTF-8, GB 18030 or ASCII."""
    if len(content) > _BIG // 4:
        import pyarrow as pa
        import pyarrow.compute as pc

        # As Latin-1 each byte is a character, and any bytes are a text.
        if not pc.match_substring_regex(pa.array([content.decode("latin-1")], pa.large_string()), _AS_BYTES)[0].as_py():
            return -1
    found = _SUSPICION_OF_BYTES.search(content)
    return found.start() if found else -1


_AS_BYTES = SUSPICION.encode().decode("latin-1")


@dataclass(frozen=True, slots=True)
class InColumn:
    """What was seen in the cells of one column."""

    secret: Secret
    row: int
    """How many rows come before it."""
    count: int
    """Cells that hold one."""


def in_column(name: str, type_: str, cells: Any) -> InColumn | None:
    """The first secret in a column, and how many there are. ``cells``: an Arrow array of texts, or a list.

    For a watch of the table pass (``tables.watching``): columns of numbers, dates and the like are not looked at, the
    others cost one RE2 search.
    """
    if type_ in _NO_TEXTS:
        return None
    is_secret = _NAMES.match(name) is not None
    rows = _suspect_rows(cells, everything=is_secret)
    found = [(row, secret) for row, text in rows for secret in _of_cell(text, is_secret)[:1]]
    return InColumn(found[0][1], found[0][0], len(found)) if found else None


_NO_TEXTS = frozenset(
    ("integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth", "duration", "geopoint")
)


def _suspect_rows(cells: Any, *, everything: bool) -> list[tuple[int, str]]:
    if isinstance(cells, list):
        return [(n, text) for n, text in enumerate(cells) if text and (everything or is_suspect(text))]
    import pyarrow.compute as pc

    if everything:
        return [(n, text) for n, text in enumerate(cells.to_pylist()) if text]
    hits = pc.fill_null(pc.match_substring_regex(cells, SUSPICION), False)
    if not pc.any(hits).as_py():
        return []
    rows = pc.indices_nonzero(hits).to_pylist()
    return list(zip(rows, cells.take(rows).to_pylist(), strict=True))


def _of_cell(text: str, is_secret: bool) -> list[Secret]:
    if is_secret and looks_given(text):
        return [Secret(PASSWORD, "password", 0, len(text))]
    return find(text)


def looks_given(value: str) -> bool:
    """Whether a value of something called a password is one: not empty, not masked, no word for nothing."""
    value = value.strip()
    return len(value) >= 4 and value.isascii() and " " not in value and not _PLACEHOLDER.search(value)


def names_a_secret(name: str) -> bool:
    return _NAMES.match(name) is not None


def masked(text: str) -> str:
    """The text without the secrets in it."""
    if not is_suspect(text):
        return text
    for secret in reversed(find(text)):
        text = f"{text[: secret.start]}***{text[secret.end :]}"
    return text


def each_masked(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(masked(text) for text in texts)
