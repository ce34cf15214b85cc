"""Forms that open filled in, whatever a dataset is called, and the lists of what was asked for and made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import FORGES, Feedback, read_config
from generator.errors import ConfigError
from generator.pages import forge
from generator.pages.words import words
from tests.conftest import ROOT
from tests.pages.catalogue import HOSTILE

REPOSITORY = "https://git.example.gov.cn/opendata/jiangmen"
TITLES = st.text(st.characters(codec="utf-8"), max_size=3000)
FORMS = st.sampled_from(list(forge.FIELDS))


def ask(form: forge.Form, title: str, **known: str) -> forge.Ask:
    return forge.Ask(form, "数据问题：", title, tuple(known.items()))


def asked(address: str) -> dict[str, str]:
    """What a server reads from the address."""
    return {name: value for name, [value] in parse_qs(urlsplit(address).query, strict_parsing=True).items()}


@settings(max_examples=80, deadline=None)
@given(form=FORMS, title=TITLES, forge_=st.sampled_from(FORGES), lang=st.sampled_from(("zh", "en")))
def test_any_title_makes_an_address_that_is_short_and_says_it(
    form: forge.Form, title: str, forge_: str, lang: str
) -> None:
    feedback = Feedback(forge_, REPOSITORY, "opendata@example.gov.cn")
    page = "https://data.example.gov.cn/opendata/dataset/bus-stops/"
    for make, limit in ((forge.issue, forge.LONGEST[forge_]), (forge.letter, forge.LONGEST["email"])):
        address = make(feedback, ask(form, title, dataset="bus-stops", page=page), words(lang))
        assert len(address) <= limit
        assert re.fullmatch(r"[A-Za-z0-9:/?&=%._~@+-]+", address), "nothing that HTML or a mail program takes amiss"
        subject = asked(address).get("title") or asked(address).get("issue[title]") or asked(address)["subject"]
        line = " ".join(re.sub("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]", "\ufffd", title).split())
        assert "\n" not in subject
        assert subject.startswith("数据问题：")
        if len(line) <= 30 and line.isprintable():
            assert subject == f"数据问题：{line}".rstrip() or subject == f"数据问题：{line}"


def test_github_is_given_the_fields_of_the_form() -> None:
    feedback = Feedback("github", REPOSITORY)
    address = forge.issue(
        feedback, ask("data-error", "公交 & 站点", dataset="bus-stops", resource="stops"), words("en")
    )
    assert address.startswith(f"{REPOSITORY}/issues/new?")
    assert asked(address) == {
        "template": "data-error-en.yml", "title": "数据问题：公交 & 站点", "dataset": "bus-stops", "resource": "stops",
    }  # fmt: skip


def test_gitlab_is_given_the_template_and_a_text_to_fill_in() -> None:
    feedback = Feedback("gitlab", REPOSITORY)
    address = forge.issue(feedback, ask("demand", "公交", dataset="bus-stops"), words("zh"))
    assert address.startswith(f"{REPOSITORY}/-/issues/new?issuable_template=demand&issue%5Btitle%5D=")
    assert "**数据集**：`bus-stops`\n\n**页面**：\n\n**需要什么数据**：" in asked(address)["issue[description]"]
    assert (ROOT / ".gitlab/issue_templates/demand.md").is_file()


def test_gitee_and_gitea_are_given_a_text() -> None:
    for name, key in (("gitee", "description"), ("gitea", "body")):
        address = forge.issue(Feedback(name, REPOSITORY), ask("reuse", "x", dataset="a"), words("en"))
        assert "**Its address**" in asked(address)[key]


def test_a_letter_has_lines_as_letters_have_them() -> None:
    address = forge.letter(
        Feedback(email="open+data@example.gov.cn"), ask("data-error", "公交", dataset="a b"), words("zh")
    )
    assert address.startswith("mailto:open+data@example.gov.cn?subject=%E6%95%B0")
    assert "+" not in address.partition("?")[2], "a plus would be read as it stands"
    body = unquote(address.partition("&body=")[2])
    assert body.startswith("数据集：a b\r\n\r\n页面：\r\n")
    assert "行（行号或主键）：" in body


def test_what_the_page_knows_cannot_write_in_the_text() -> None:
    address = forge.issue(Feedback("gitea", REPOSITORY), ask("demand", "x", dataset="`@all` #1\n**x**"), words("zh"))
    assert asked(address)["body"].splitlines()[0] == "**数据集**：`'@all' #1 **x**`"


def test_without_a_forge_or_an_address_there_is_no_link() -> None:
    assert forge.issue(Feedback(), ask("demand", "x"), words("zh")) == ""
    assert forge.letter(Feedback(), ask("demand", "x"), words("zh")) == ""


@pytest.mark.parametrize("form", list(forge.FIELDS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_forms_of_the_repository_have_the_fields(form: forge.Form, lang: str) -> None:
    name = f"{form}.yml" if lang == "zh" else f"{form}-en.yml"
    made = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE" / name).read_text("utf-8"))
    fields = [part["id"] for part in made["body"] if "id" in part]
    assert tuple(fields) == forge.FIELDS[form]
    assert made["title"] == words(lang)[f"subject_{form}"]
    # Names that a query has a meaning of its own for.
    assert not {"template", "title", "body", "labels", "assignees", "milestone", "projects"} & set(fields)
    assert not [field for field in fields if field in ("name", "email", "phone", "contact")], "askers stay unknown"


# ---- the configuration


@pytest.fixture
def configured(portal: Path) -> Callable[[str], Feedback]:
    def read(text: str) -> Feedback:
        file = portal / "kaishu.yaml"
        file.write_text(f"portal: {{title: 门户, url: 'https://d.example/', {text}\n", "utf-8")
        return read_config(file).portal.feedback

    return read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("}", Feedback()),
        ("email: a@b.example}", Feedback(email="a@b.example")),
        ("repository: 'https://github.com/o/r/'}", Feedback("github", "https://github.com/o/r")),
        ("repository: 'https://gitlab.city.example/g/o/r'}", Feedback("gitlab", "https://gitlab.city.example/g/o/r")),
        ("repository: 'https://gitee.com/o/r', email: a@b.example}", Feedback("gitee", "https://gitee.com/o/r", "a@b.example")),
        ("repository: 'https://code.example/o/r'}", Feedback("gitea", "https://code.example/o/r")),
        ("repository: 'git@code.example:o/r'}", Feedback()),
        ("repository: 'https://code.example/o/r'}\nfeedback: {forge: gitlab}", Feedback("gitlab", "https://code.example/o/r")),
        ("repository: 'https://github.com/o/r', email: a@b.example}\nfeedback: {forge: email, email: c@d.example}", Feedback(email="c@d.example")),
        ("repository: 'https://github.com/o/r', email: a@b.example}\nfeedback: {forge: none}", Feedback()),
        ("}\nfeedback: {repository: 'https://github.com/o/feedback'}", Feedback("github", "https://github.com/o/feedback")),
    ],
)  # fmt: skip
def test_where_feedback_goes(configured: Callable[[str], Feedback], text: str, expected: Feedback) -> None:
    assert configured(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("}\nfeedback: {forge: svn}", "feedback.forge"),
        ("}\nfeedback: {forge: gitlab}", "feedback.repository"),
        ("}\nfeedback: {repository: 'javascript:alert(1)'}", "feedback.repository"),
        ("}\nfeedback: {email: 'a@b?cc=c'}", "feedback.email"),
        ("}\nfeedback: {mail: a@b.example}", "feedback.mail"),
    ],
)
def test_what_is_wrong_with_the_configuration_is_said(
    configured: Callable[[str], Feedback], text: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        configured(text)


# ---- the pages


def test_a_dataset_and_its_demands_and_reuses_name_each_other(pages_site: Path) -> None:
    page = (pages_site / "dataset/bus-stops/index.html").read_text("utf-8")
    assert 'href="../../demand/#live-buses"' in page
    assert 'href="../../reuse/#next-stop"' in page
    assert 'href="../dataset/bus-stops/"' in (pages_site / "demand/index.html").read_text("utf-8")
    assert 'href="../../en/dataset/bus-stops/"' in (pages_site / "en/reuse/index.html").read_text("utf-8")
    assert "live-buses" not in (pages_site / "dataset/bare/index.html").read_text("utf-8")


def test_a_closed_dataset_asks_for_no_errors(pages_site: Path) -> None:
    closed = (pages_site / "dataset/infection-reports/index.html").read_text("utf-8")
    assert "template=data-error.yml" not in closed
    assert "template=demand.yml" in closed


def test_a_table_that_is_alone_is_named_in_the_form(pages_site: Path) -> None:
    alone = (pages_site / "dataset/jiangmen-divisions/index.html").read_text("utf-8")
    assert "resource=divisions" in alone
    assert "resource=" not in (pages_site / "dataset/bus-stops/index.html").read_text("utf-8")


def test_no_address_of_a_reuse_runs_a_script(pages_site: Path) -> None:
    for file in (pages_site / "reuse/index.html", pages_site / "en/demand/index.html"):
        html = file.read_text("utf-8")
        assert HOSTILE not in html
        assert not re.search(r'href="(?!https?:|mailto:|tel:|\.|#|feed)[^"]*:', html)


# ---- from the repository to the site


def test_lists_come_out_without_what_is_wrong_or_about_a_person(portal: Path, tmp_path: Path) -> None:
    import datetime

    from generator.build import Options, build

    (portal / "datasets/demands.yaml").write_text(
        "demands:\n"
        "- {id: benches, title: 长椅, title_en: Benches, wanted: 位置, asked: 2026-05-01, status: received, datasets: [parks, gone]}\n"
        "- {id: caller, title: 回电, wanted: 请打 13800138000, asked: 2026-05-02, status: received}\n"
        "- {id: benches, title: 又一次, wanted: 位置, asked: 2026-05-03, status: received}\n"
        "- {id: named, title: 署名, wanted: 位置, name: 某人, asked: 2026-05-03, status: received}\n",
        "utf-8",
    )
    config = read_config(portal / "kaishu.yaml", site=tmp_path / "site")
    report = build(config, Options(datetime.date(2026, 6, 30), jobs=1))
    assert report.published == ("parks",), "no fault of a list keeps a dataset back"
    listed = json.loads((tmp_path / "site/demands.json").read_text("utf-8"))
    assert listed["count"] == 1
    assert listed["demands"] == [
        {
            "id": "benches", "page": "https://data.test.example/opendata/demand/#benches", "title": "长椅",
            "title_en": "Benches", "wanted": "位置", "asked": "2026-05-01", "status": "received", "datasets": ["parks"],
        }
    ]  # fmt: skip
    everything = b"".join(file.read_bytes() for file in (tmp_path / "site").rglob("*") if file.is_file())
    assert b"13800138000" not in everything
    assert "某人".encode() not in everything
    assert json.loads((tmp_path / "site/reuses.json").read_text("utf-8"))["reuses"] == []


def test_our_own_lists_are_sound() -> None:
    import datetime

    from jsonschema import Draft202012Validator

    from generator import terms
    from generator.problems import Problem
    from generator.read.submissions import read_submissions
    from generator.submissions import is_sound

    problems: list[Problem] = []
    entries = read_submissions(ROOT / "datasets", problems)
    assert problems == []
    assert len(entries) >= 5
    assert all(is_sound(each, datetime.date(2026, 6, 30)) for each in entries)
    assert all(each.values.get("demonstration") for each in entries), "an invented entry says so"
    for name, schema in (("demands", terms.demands_schema()), ("reuses", terms.reuses_schema())):
        Draft202012Validator(schema).validate(
            yaml.load((ROOT / f"datasets/{name}.yaml").read_text("utf-8"), yaml.BaseLoader)
        )
