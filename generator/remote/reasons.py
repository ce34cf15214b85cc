"""Why a file could not be had, as its publisher would say it."""

from __future__ import annotations

import re

_STATUS = {
    "401": ("要登录才能取", "a login is needed"),
    "403": ("服务器不允许访问", "the server does not allow it"),
    "404": ("地址上没有这个文件", "there is no such file"),
    "410": ("文件已被移除", "the file was removed"),
    "429": ("访问太频繁，服务器暂时不理", "the server has been asked too often"),
}
_OTHERS = (
    ("DNS", ("找不到这个主机，主机名可能写错了", "there is no such host")),
    ("timeout", ("服务器没有回应", "the server does not answer")),
    ("refused", ("服务器没有开这个端口，或者没有运行", "nothing answers at this port")),
    ("reset", ("连接中断", "the connection broke off")),
    ("unreachable", ("网络到不了那里", "the network does not reach there")),
    ("No route", ("网络到不了那里", "the network does not reach there")),
    ("Certificate", ("服务器的证书无效", "the server's certificate is not valid")),
    ("SSL", ("加密连接建立不起来", "no secure connection could be made")),
    ("Disconnected", ("连接中断", "the connection broke off")),
    ("Payload", ("文件没有传完", "the file did not come whole")),
    ("Content-Encoding", ("传来的内容解不开", "what came cannot be unpacked")),
)


def in_words(reason: str) -> tuple[str, str]:
    """Chinese and English, with the technical reason in brackets for whoever runs the server: in Chinese its number, or
    where it is not one that we have words for."""
    found = re.match(r"\d{3}\b", reason)
    said = _STATUS.get(found[0]) if found else None
    if found and not said:
        said = ("服务器出错", "the server failed") if found[0] >= "500" else ("服务器拒绝", "the server refused")
    known = said or next((words for part, words in _OTHERS if part.lower() in reason.lower()), None)
    zh, en = known or ("取不到", "it failed")
    shown = found[0] if found else reason
    return f"{zh}（{shown}）" if found or not known else zh, f"{en} ({shown})"
