"""The same datasets as a Hugo site: front matter with their values, and a theme that shows the same sections.

The theme is written to be fast, as its author would: the words are in the templates, the filters of the lists are made
once. The frame around each page is our own shell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.public import Catalog, Dataset, Field
from generator.shell import Shell

LANGUAGES = ("zh", "en")
THEME = Path(__file__).parent / "hugo_theme"

CONFIG = """
baseURL = "https://data.jiangmen.example/"
title = "Open data"
defaultContentLanguage = "zh"
disableKinds = ["RSS", "sitemap", "404"]
[pagination]
pagerSize = 50
disableAliases = true
[languages.zh]
contentDir = "content/zh"
weight = 1
[languages.en]
contentDir = "content/en"
weight = 2
[taxonomies]
theme = "theme"
agency = "agency"
openness = "openness"
cycle = "cycle"
"""

SLOTS = {
    "base": "/",
    "kind": "kind-plain",
    "path": "{{ with .File }}dataset/{{ .ContentBaseName }}/{{ end }}",
    "title": "{{ .Title }} – {{ site.Title }}",
    "heading": "{{ .Title }}",
    "description": "{{ .Params.summary }}",
    "head": '{{ block "head" . }}{{ end }}\n<link rel="canonical" href="{{ .Permalink }}">\n'
    '<meta property="og:url" content="{{ .Permalink }}">'
    '{{ range .AllTranslations }}\n<link rel="alternate" hreflang="{{ .Language.Lang }}" href="{{ .Permalink }}">{{ end }}\n'
    '{{ with index .AllTranslations 0 }}<link rel="alternate" hreflang="x-default" href="{{ .Permalink }}">{{ end }}',
    "section:home": "",
    "section:catalog": ' aria-current="true"',
    "section:agency": "",
    "body": '{{ block "main" . }}{{ end }}',
}


def make(catalog: Catalog, shells: Mapping[str, Shell], folder: Path) -> None:
    layouts = folder / "layouts"
    (layouts / "_default").mkdir(parents=True)
    (layouts / "partials").mkdir()
    (folder / "hugo.toml").write_text(CONFIG, "utf-8")
    pages = {name: (THEME / f"{name}.html").read_text("utf-8") for name in ("single", "head", "list", "terms")}
    (layouts / "_default" / "baseof.html").write_text(frame(shells), "utf-8")
    (layouts / "_default" / "single.html").write_text(pages["head"] + pages["single"], "utf-8")
    for name in ("list", "terms"):
        (layouts / "_default" / f"{name}.html").write_text(pages[name], "utf-8")
    (layouts / "partials" / "filters.html").write_text((THEME / "filters.html").read_text("utf-8"), "utf-8")
    for lang in LANGUAGES:
        content = folder / "content" / lang / "dataset"
        content.mkdir(parents=True)
        for dataset in catalog.datasets:
            values = json.dumps(front_matter(dataset, catalog, lang), ensure_ascii=False)
            (content / f"{dataset.name}.md").write_text(f"{values}\n\n{dataset.description.to(lang)[0]}\n", "utf-8")


def frame(shells: Mapping[str, Shell]) -> str:
    """Our own shells as Hugo's base template: the same header, navigation and footer."""
    made = {lang: shell.fill(SLOTS) for lang, shell in shells.items()}
    return f'{{{{ if eq site.Language.Lang "zh" }}}}{made["zh"]}{{{{ else }}}}{made["en"]}{{{{ end }}}}'


def front_matter(dataset: Dataset, catalog: Catalog, lang: str) -> dict[str, Any]:
    resource = dataset.resources[0]
    assert resource.schema and resource.preview and dataset.theme and dataset.update_cycle and dataset.spatial.bbox
    west, south, east, north = dataset.spatial.bbox
    return {
        "title": dataset.title.to(lang)[0],
        "other_title": dataset.title.to("en" if lang == "zh" else "zh")[0],
        "date": dataset.modified,
        "name": dataset.name,
        "summary": dataset.description.to(lang)[0][:160],
        "description": dataset.description.to(lang)[0],
        "resource_description": resource.description.to(lang)[0],
        "theme": [dataset.theme.id],
        "theme_label": dataset.theme.label.to(lang)[0],
        "industry": f"{dataset.industry.id} {dataset.industry.label.to(lang)[0]}" if dataset.industry else "",
        "agency": [dataset.agency.id],
        "agency_name": dataset.agency.name.to(lang)[0],
        "openness": [dataset.openness],
        "cycle": [dataset.update_cycle.id],
        "cycle_label": dataset.update_cycle.label.to(lang)[0],
        "keywords": [word.to(lang)[0] for word in dataset.keywords],
        "license": dataset.licenses[0].title.to(lang)[0],
        "license_url": dataset.licenses[0].url,
        "source": dataset.sources[0].title.to(lang)[0],
        "source_url": dataset.sources[0].url,
        "contact_name": dataset.contact.name.to(lang)[0],
        "email": dataset.contact.email,
        "phone": dataset.contact.phone,
        "code": dataset.catalogue_code,
        "place": dataset.spatial.name.to(lang)[0],
        "place_code": dataset.spatial.code,
        "bbox": f"W {west}° S {south}° E {east}° N {north}°",
        "box": f"{south} {west} {north} {east}",
        "start": dataset.temporal.start,
        "end": dataset.temporal.end,
        "crs": dataset.crs,
        "version": dataset.version,
        "created": dataset.created,
        "updated": dataset.modified,
        "year": dataset.modified[:4],
        "rows_total": f"{resource.rows:,}",
        "legal_basis": dataset.collection.legal_basis.to(lang)[0],
        "system": dataset.collection.system.to(lang)[0],
        "items": list(dataset.collection.items),
        "sharing": dataset.sharing.type,
        "fields": [_field(field, lang) for field in resource.schema.fields],
        "variables": [
            {
                "@type": "PropertyValue",
                "name": field.title.to(lang)[0],
                "alternateName": field.name,
                "description": field.description.to(lang)[0],
            }
            for field in resource.schema.fields
        ],
        "files": [
            {
                "@type": "DataDownload",
                "name": file.path.rpartition("/")[2],
                "format": file.format,
                "contentUrl": f"{catalog.portal.url}{file.path}",
                "encodingFormat": file.media_type,
                "contentSize": f"{file.bytes} B",
                "sha256": file.sha256,
            }
            for file in resource.distributions
        ],
        "preview": [list(row) for row in resource.preview.rows],
    }


def _field(field: Field, lang: str) -> dict[str, str]:
    return {
        "name": field.name,
        "title": field.title.to(lang)[0],
        "description": field.description.to(lang)[0],
        "type": field.type,
        "class": "n" if field.type in ("integer", "number") else "",
        "unit": field.unit,
        "constraints": "\n".join(key for key, value in field.constraints.items() if value),
    }
