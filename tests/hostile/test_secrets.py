"""Secrets are found wherever they stand, and never shown. None of these is a secret of anybody."""

from __future__ import annotations

import datetime
import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from generator.build import Options, check
from generator.config import read_config
from generator.disclosure.secrets import KEY, PASSWORD, find, first_suspect, in_column, is_suspect, masked
from generator.report import View, to_json, to_text
from tests.hostile.corpus import FIELDS, Hostile, portal, table, workbook, write

# Put together here, so that no scanner takes this file for a leak.
SECRETS = {
    "aws": (KEY, "AKIA" + "Q3EGRTIODAM5B7ZX"),
    "alibaba": (KEY, "LTAI" + "5tAbCdEfGhIjKlMnOpQr"),
    "tencent": (KEY, "AKID" + "z8krbsJ5yKBZQpn74WFkmLPx3gnPhESA"),
    "github": (KEY, "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"),
    "gitlab": (KEY, "glpat-" + "abcdefghij0123456789"),
    "google": (KEY, "AIza" + "SyA1234567890abcdefghijklmnopqrstuv"),
    "slack": (KEY, "xoxb-" + "123456789012-1234567890123-abcdefghijklmnop"),
    "openai": (KEY, "sk-" + "abcdefghijklmnopqrstT3BlbkFJabcdefghijklmnopqrst"),
    "stripe": (KEY, "sk_live_" + "abcdefghijklmnopqrstuvwx"),
    "jwt": (KEY, "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"),
    "azure": (KEY, "AccountKey=" + "A1b2" * 21 + "Qw=="),
    "pem": (KEY, "-----BEGIN RSA " + "PRIVATE KEY-----"),
    "url": (PASSWORD, "postgres://admin:" + "Zx9Kq2Lm@10.0.0.3/db"),
    "jdbc": (PASSWORD, "jdbc:mysql://10.1.1.1:3306/x?user=root&password=" + "Zx9Kq2Lm"),
    "redis": (PASSWORD, "redis://:" + "Zx9Kq2LmPp7Q@10.0.0.3:6379/0"),
    "ado": (PASSWORD, "Server=10.1.1.1;Database=x;User Id=sa;Password=" + "ZxKqLmPpQr;"),
    "password": (PASSWORD, "数据库密码：" + "Zx9Kq2Lm88"),
    "password of words": (PASSWORD, "登录口令为" + "Zx9Kq2Lm88"),
    "password after a blank": (PASSWORD, "FTP 账号 data 密码 " + "Zx9Kq2Lm88"),
    "aws secret": (PASSWORD, "aws_secret_access_key = " + "iZhkv0UJZR3X/NF+uKVGDC57LiAV+oJSx2h3fpQc"),
    "alibaba secret": (PASSWORD, "AccessKey Secret：" + "1Zl4YyikaP1Ik2VGWD5Rkx2lr5nJhy"),
    "huawei secret": (PASSWORD, "HUAWEI_SECRET_ACCESS_KEY=" + "HZDnlKB3EuVdEOcPF1mIzL58bPDOUOjpadRV75my"),
    "wechat": (PASSWORD, "appid: wxbf2efcc1c0cc1cfb appsecret: " + "aa0030c5952c39fe838d54dcf10e4b52"),
    "gitee": (PASSWORD, "gitee access_token=" + "fa59732c556b97e618ffeaec04180277"),
    "bearer": (KEY, "Authorization: Bearer " + "skn5ZFErtbE4NbN868oczOzTlQDxttmgY0PELZEA"),
    "openai project": (KEY, "sk-proj-" + "eeaQfvkhHsicY60FJ8u9G7ey0BTkGIF8dIuOzivUYHVXeKwv"),
    "anthropic": (KEY, "sk-ant-api03-" + "A64Qv7gVvgbm_5jzr1hIQ6rSeLlDzgYfWrV7u4WZey8MWoRqZ_UOmMvceP9ip7aQ"),
    "deepseek": (KEY, "sk-" + "c39a3c4bc978d8ea5aa4187e2774e083"),
    "npm": (KEY, "npm_" + "Iehg2mY4oFpG2sgA8q13zqLSuzzlvTS71Vb2"),
    "amap": (KEY, "高德地图 key=" + "c39a3c4bc978d8ea5aa4187e2774e083"),
    "baidu": (KEY, "百度地图 ak：" + "UkctynW6riU7XHX29SXgYsAxUrj1HZYq"),
    "tianditu": (KEY, "https://t0.tianditu.gov.cn/img_w/wmts?tk=" + "6d6cbebf15c004251952df0ce437f181"),
    "dingtalk": (KEY, "https://oapi.dingtalk.com/robot/send?access_token=" + "e4d9f0f6ab86fb31" * 4),
    "wecom": (KEY, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + "ef911246-1ba5-319c-5f13-2712ebbf4946"),
    "feishu": (KEY, "https://open.feishu.cn/open-apis/bot/v2/hook/" + "6f2f7e25-a8c0-8af1-483f-2b3979eee6a1"),
}
HARMLESS = (
    "忘记密码请联系 0750-1234567", "password: required", "密码：请联系管理员", "http://www.example.gov.cn/a@b", "https://host:8443/path@x",
    "密码学导论", "passwd", "api_key: your-key-here", "sk-learn", "91440700MA4UKXXX2X", "440701199001011234", "AKI", "eyJ",
    "d41d8cd98f00b204e9800998ecf8427e", "550e8400-e29b-41d4-a716-446655440000", "postgres://user:<password>@host/db", "12:30:45",
    "ACADEMY OF ARTS", "2024-01-01T08:00:00+08:00", "a" * 400, "password：********", "密码不得少于 8 位", "商用密码 GM/T0054-2018", "初始密码由系统发送", "登录密码为您注册时设置的密码",
    "postgresql://user:password@host/db", "Authorization: Bearer <token>", "密码：ab12", "token ring network 2024", "key: value",
    "sk-learn-pipelines-for-tabular-data-in-2024-and-later", "CAGTTACCTACGCAATAATACGTAGTTTGACAGTGTGGACTGAATC" + "ACCA" + "GCAGTGCTGCACTTATGTGCAAGCC",
)  # fmt: skip


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_found_and_masked_whole(kind: str) -> None:
    name, secret = SECRETS[kind]
    text = f"说明 {secret} 完"
    found = find(text)
    assert [one.name for one in found] == [name]
    core = secret[-9:-1] if kind in ("ado",) else secret.split("@")[0][-8:]
    assert core not in masked(text)
    assert secret not in found[0].masked
    assert first_suspect(text.encode()) >= 0


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert find(text) == []
    assert masked(text) == text


def test_columns_are_looked_at_as_arrays_and_as_lists() -> None:
    secret = SECRETS["github"][1]
    cells = ["一", None, f"x {secret}", "二", secret]
    for given in (cells, pa.array(cells, pa.large_string())):
        seen = in_column("note", "string", given)
        assert seen is not None
        assert (seen.row, seen.count, seen.secret.name) == (2, 2, KEY)
    assert in_column("note", "string", ["一", "二"]) is None
    assert in_column("n", "integer", [secret]) is None


def test_a_column_that_is_called_password_holds_passwords() -> None:
    seen = in_column("user_password", "string", ["Kaishu88", "***", None])
    assert seen is not None
    assert (seen.row, seen.count, seen.secret.name) == (0, 1, PASSWORD)
    assert in_column("password", "string", ["***", "", None, "无"]) is None


def _found(folder: Path, name: str, content: bytes, **changes: object) -> tuple[list[str], str]:
    def make(dataset: Path) -> None:
        (dataset / name).write_bytes(content)
        write(dataset, table(path=name), **changes)

    at = portal(Hostile("x", make, frozenset()), folder)
    config = read_config(at / "kaishu.yaml", state=at / ".kaishu")
    report = check(config, Options(datetime.date(2026, 6, 30), jobs=1))
    texts = [to_text(report, View(lang, config.datasets)) for lang in ("zh", "en")]
    return [p.name for p in report.problems if p.name.startswith("secret-")], "\n".join(
        [*texts, to_json(report, "check")]
    )


def _rows(cell: str) -> bytes:
    return f"park,area\nA,1\n{cell},2\n".encode()


def _zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("parks.csv", content)
    return out.getvalue()


SECRET = SECRETS["github"][1]
FILES = {
    "parks.csv": _rows(SECRET),
    "large.csv": b"park,area\n" + b"A,1\n" * 3_000_000 + f"{SECRET},2\n".encode(),
    "parks.csv.gz": gzip.compress(_rows(SECRET)),
    "parks.csv.zip": _zip(_rows(SECRET)),
    "notes.txt": f"第一行\n{SECRET}\n".encode(),
    "notes.json": f'{{"a": ["{SECRET}"]}}'.encode(),
    "parks.xlsx": workbook(cell=SECRET),
    "wide.txt": SECRET.encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_in_a_file(name: str, tmp_path: Path) -> None:
    names, texts = _found(tmp_path, name, FILES[name])
    assert names == ["secret-key"]
    assert SECRET[8:] not in texts


def test_in_a_descriptor_it_is_told_and_not_repeated_by_other_rules(tmp_path: Path) -> None:
    names, texts = _found(tmp_path, "parks.csv", _rows("B"), theme=SECRET, description=f"令牌 {SECRET}")
    assert names == ["secret-key", "secret-key"]
    assert SECRET[8:] not in texts


def test_a_line_that_cannot_be_parsed_is_shown_without_it(tmp_path: Path) -> None:
    def make(dataset: Path) -> None:
        (dataset / "datapackage.yaml").write_text(f"name: x\ntoken: [{SECRET}\n", "utf-8")

    at = portal(Hostile("x", make, frozenset()), tmp_path)
    config = read_config(at / "kaishu.yaml", state=at / ".kaishu")
    report = check(config, Options(datetime.date(2026, 6, 30), jobs=1))
    assert [p.name for p in report.problems] == ["descriptor-syntax"]
    assert SECRET[8:] not in to_json(report, "check")


def test_public_packages_hold_none(root: Path) -> None:
    from generator.disclosure.secret_files import _secrets

    folders = [root / "datasets", root.parent / "shared/packages"]
    files = [
        f
        for folder in folders
        if folder.is_dir()
        for f in sorted(folder.rglob("*"))
        if f.is_file() and not f.is_symlink()
    ]
    assert files
    alarms = []
    for file in files:
        try:
            alarms += [f"{file.name} {secret.masked}" for _, __, secret in _secrets(file)]
        except (OSError, EOFError, ValueError, zipfile.BadZipFile):
            continue
    assert alarms == []


def test_the_search_is_asked_for_nothing_in_numbers() -> None:
    assert not is_suspect("12345678901234567890,3.14,2024-01-01")
    assert FIELDS[0]["type"] == "string"
