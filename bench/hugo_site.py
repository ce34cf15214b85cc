"""The same datasets as a Hugo site: front matter with their values, and a theme that shows the same sections."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.public import Catalog, Dataset
from generator.shell import Shell

LANGUAGES = ("zh", "en")

CONFIG = """
baseURL = "https://data.jiangmen.example/"
title = "Open data"
defaultContentLanguage = "zh"
disableKinds = ["RSS", "sitemap", "404"]
[pagination]
pagerSize = 50
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
    "kind": "",
    "path": "{{ with .File }}dataset/{{ .ContentBaseName }}/{{ end }}",
    "title": "{{ .Title }} – {{ site.Title }}",
    "heading": "{{ .Title }}",
    "description": "{{ .Params.summary }}",
    "head": '{{ block "head" . }}{{ end }}<link rel="canonical" href="{{ .Permalink }}"><meta property="og:url" content="{{ .Permalink }}">'
    '{{ range .AllTranslations }}<link rel="alternate" hreflang="{{ .Language.Lang }}" href="{{ .Permalink }}">{{ end }}',
    "section:home": "",
    "section:catalog": ' aria-current="true"',
    "section:agency": "",
    "body": '{{ block "main" . }}{{ end }}',
}


def frame(shells: Mapping[str, Shell]) -> str:
    """Our own shells as Hugo's base template: the same header, navigation and footer."""
    made = {lang: shell.fill(SLOTS) for lang, shell in shells.items()}
    return f'{{{{ if eq site.Language.Lang "zh" }}}}{made["zh"]}{{{{ else }}}}{made["en"]}{{{{ end }}}}'


SINGLE = """{{ define "head" }}<script type="application/ld+json">{{ dict "@context" "https://schema.org/" "@type" "Dataset" "url" .Permalink "name" .Title "description" .Params.description
 "identifier" (slice .Params.name .Params.code) "keywords" .Params.keywords "version" .Params.version "license" (slice .Params.license_url) "isAccessibleForFree" true
 "creator" (dict "@type" "Organization" "name" .Params.agency_name "contactPoint" (dict "@type" "ContactPoint" "email" .Params.email "telephone" .Params.phone))
 "publisher" (dict "@type" "Organization" "name" .Params.agency_name) "includedInDataCatalog" (dict "@type" "DataCatalog" "name" site.Title "url" site.BaseURL)
 "datePublished" .Params.created "dateModified" .Params.modified "inLanguage" (slice "zh") "spatialCoverage" (dict "@type" "Place" "name" .Params.place) "temporalCoverage" .Params.temporal
 "variableMeasured" .Params.fields "distribution" .Params.files | jsonify | safeJS }}</script>{{ end }}
{{ define "main" }}<div class="wrap dataset"><nav class="crumbs"><ol><li><a href="/">Home</a></li><li><a href="/catalog/">Data catalogue</a></li><li><a href="/theme/{{ index .Params.theme 0 }}/">{{ .Params.theme_label }}</a></li></ol></nav>
<header class="headline"><h1>{{ .Title }}</h1><p class="badges"><span class="badge unconditional">Open</span> <span class="badge-text">Anyone may download and use it.</span></p>
<dl class="glance"><div><dt>Department</dt><dd><a href="/agency/{{ index .Params.agency 0 }}/">{{ .Params.agency_name }}</a></dd></div><div><dt>Updated</dt><dd><time datetime="{{ .Params.modified }}">{{ .Params.modified }}</time></dd></div><div><dt>Update cycle</dt><dd>{{ .Params.cycle_label }}</dd></div><div><dt>Licence</dt><dd><a href="{{ .Params.license_url }}">{{ .Params.license }}</a></dd></div><div><dt>Formats</dt><dd>CSV · Parquet</dd></div><div><dt>Rows</dt><dd>{{ .Params.rows_total }}</dd></div></dl></header>
<div class="columns"><nav class="contents"><ul>{{ range slice "download" "preview" "fields" "metadata" "licence" "cite" "load" "machine" }}<li><a href="#{{ . }}">{{ . }}</a></li>{{ end }}</ul></nav><div class="sections">
<section><h2 id="about">About these data</h2><div class="prose">{{ .Content }}</div><ul class="tags">{{ range .Params.keywords }}<li>{{ . }}</li>{{ end }}</ul></section>
<section><h2 id="download">Download</h2><div class="resource"><div class="prose"><p>{{ .Params.resource_description }}</p></div><ul class="files">{{ range .Params.files }}<li><a class="button" href="{{ .contentUrl }}" download>Download {{ .format }}</a> <span class="file-facts"><span class="file-name">{{ .name }}</span><span>{{ .contentSize }} · {{ $.Params.rows_total }} rows</span></span><details class="hash"><summary>SHA-256 <code>{{ substr .sha256 0 12 }}…</code></summary><code class="copyable">{{ .sha256 }}</code></details></li>{{ end }}</ul></div></section>
<section><h2 id="preview">Preview</h2><div class="scroll"><table class="data"><thead><tr>{{ range .Params.fields }}<th scope="col">{{ .name }}<code>{{ .alternateName }}</code></th>{{ end }}</tr></thead><tbody>{{ range .Params.preview }}<tr>{{ range . }}<td>{{ with . }}{{ . }}{{ else }}<span class="null">–</span>{{ end }}</td>{{ end }}</tr>{{ end }}</tbody></table></div><p class="note">The first {{ len .Params.preview }} of {{ .Params.rows_total }} rows.</p></section>
<section><h2 id="fields">Columns</h2><div class="scroll"><table class="fields"><thead><tr><th>Name</th><th>Title</th><th>Type</th><th>Unit</th><th>Constraints</th><th>Description</th></tr></thead><tbody>{{ range .Params.fields }}<tr><th scope="row"><code>{{ .alternateName }}</code></th><td>{{ .name }}</td><td>{{ .type }}</td><td>{{ .unit }}</td><td>{{ .constraints }}</td><td>{{ .description }}</td></tr>{{ end }}</tbody></table></div><dl class="facts"><div><dt>Primary key</dt><dd><code>id</code></dd></div></dl></section>
<section><h2 id="metadata">Metadata</h2><dl class="facts">{{ range .Params.facts }}<div><dt>{{ index . 0 }}</dt><dd>{{ index . 1 }}</dd></div>{{ end }}</dl></section>
<section><h2 id="licence">Source and licence</h2><dl class="facts"><div><dt>Source</dt><dd><a href="{{ .Params.source_url }}">{{ .Params.source }}</a></dd></div><div><dt>Licence</dt><dd><a href="{{ .Params.license_url }}">{{ .Params.license }}</a></dd></div><div><dt>Contact</dt><dd>{{ .Params.agency_name }}<br><a href="mailto:{{ .Params.email }}">{{ .Params.email }}</a> · <a href="tel:{{ .Params.phone }}">{{ .Params.phone }}</a></dd></div></dl><p>Please keep to this licence when you use the data, and cite them as shown below.</p></section>
<section><h2 id="cite">How to cite</h2><div class="code"><pre><code>{{ .Params.agency_name }} (2026). {{ .Title }} (version {{ .Params.version }}) [Data set]. {{ site.Title }}. {{ .Permalink }}</code></pre></div><details><summary>BibTeX</summary><div class="code"><pre><code>@misc{ {{ .Params.name }},
  author = { {{ .Params.agency_name }} },
  title = { {{ .Title }} },
  year = {2026},
  url = { {{ .Permalink }} }
}</code></pre></div></details></section>
<section><h2 id="load">How to load</h2><p>Copy and run. No account is needed.</p><fieldset class="tabs">{{ range slice "pandas" "polars" "r" "duckdb" "excel" "curl" }}<input type="radio" name="tool" id="tool-{{ . }}"><label for="tool-{{ . }}">{{ . }}</label>{{ end }}
{{ $csv := (index .Params.files 0).contentUrl }}{{ $parquet := (index .Params.files 1).contentUrl }}
<div class="panel"><pre><code>import pandas as pd

df = pd.read_parquet("{{ $parquet }}")</code></pre></div><div class="panel"><pre><code>import polars as pl

df = pl.read_parquet("{{ $parquet }}")</code></pre></div><div class="panel"><pre><code>library(arrow)

df &lt;- read_parquet("{{ $parquet }}")</code></pre></div><div class="panel"><pre><code>SELECT * FROM read_parquet('{{ $parquet }}') LIMIT 10;</code></pre></div><div class="panel"><p>In Excel choose Data → From Web and paste this address.</p><pre><code>{{ $csv }}</code></pre></div><div class="panel"><pre><code>curl -LO '{{ $csv }}'</code></pre></div></fieldset></section>
<section><h2 id="machine">Machine-readable descriptions</h2><ul class="plain"><li><a href="/data/{{ .Params.name }}/datapackage.json">Data Package</a></li><li><a href="/data/{{ .Params.name }}/dcat.jsonld">DCAT-AP (JSON-LD)</a></li><li><a href="/data/{{ .Params.name }}/dcat.ttl">DCAT-AP (Turtle)</a></li></ul><p class="note">This page also holds a schema.org description (JSON-LD).</p></section>
</div></div></div>{{ end }}"""

LIST = """{{ define "main" }}<div class="wrap"><h1>{{ .Title }}</h1>{{ $p := .Paginate .RegularPages }}<ul class="cards">{{ range $p.Pages }}<li class="card"><h3><a href="{{ .RelPermalink }}">{{ .Title }}</a></h3><p>{{ .Params.summary }}</p><p class="card-facts"><span class="badge unconditional">Open</span> <span>{{ .Params.agency_name }}</span> <span>{{ .Params.modified }}</span> <span class="format">CSV</span> <span class="format">Parquet</span></p></li>{{ end }}</ul>
<nav class="pages"><ol>{{ with $p.Prev }}<li><a href="{{ .URL }}">Previous</a></li>{{ end }}<li>{{ $p.PageNumber }} / {{ $p.TotalPages }}</li>{{ with $p.Next }}<li><a href="{{ .URL }}">Next</a></li>{{ end }}</ol></nav></div>{{ end }}"""

TERMS = """{{ define "main" }}<div class="wrap"><h1>{{ .Title }}</h1><ul>{{ range .Data.Terms.ByCount }}<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>{{ end }}</ul></div>{{ end }}"""


def make(catalog: Catalog, shells: Mapping[str, Shell], folder: Path) -> None:
    layouts = folder / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (folder / "hugo.toml").write_text(CONFIG, "utf-8")
    for name, template in (("baseof", frame(shells)), ("single", SINGLE), ("list", LIST), ("terms", TERMS)):
        (layouts / f"{name}.html").write_text(template, "utf-8")
    for lang in LANGUAGES:
        content = folder / "content" / lang / "dataset"
        content.mkdir(parents=True)
        for dataset in catalog.datasets:
            values = front_matter(dataset, catalog, lang)
            body = dataset.description.to(lang)[0]
            (content / f"{dataset.name}.md").write_text(
                f"{json.dumps(values, ensure_ascii=False)}\n\n{body}\n", "utf-8"
            )


def front_matter(dataset: Dataset, catalog: Catalog, lang: str) -> dict[str, Any]:
    resource = dataset.resources[0]
    assert resource.schema and resource.preview and dataset.theme and dataset.update_cycle
    agency = dataset.agency.name.to(lang)[0]
    return {
        "title": dataset.title.to(lang)[0],
        "name": dataset.name,
        "summary": dataset.description.to(lang)[0][:160],
        "description": dataset.description.to(lang)[0],
        "resource_description": resource.description.to(lang)[0],
        "theme": [dataset.theme.id],
        "theme_label": dataset.theme.label.to(lang)[0],
        "agency": [dataset.agency.id],
        "agency_name": agency,
        "openness": [dataset.openness],
        "cycle": [dataset.update_cycle.id],
        "cycle_label": dataset.update_cycle.label.to(lang)[0],
        "keywords": [word.to(lang)[0] for word in dataset.keywords],
        "license": dataset.licenses[0].title.to(lang)[0],
        "license_url": dataset.licenses[0].url,
        "source": dataset.sources[0].title.to(lang)[0],
        "source_url": dataset.sources[0].url,
        "email": dataset.contact.email,
        "phone": dataset.contact.phone,
        "code": dataset.catalogue_code,
        "place": dataset.spatial.name.to(lang)[0],
        "temporal": f"{dataset.temporal.start}/{dataset.temporal.end}",
        "version": dataset.version,
        "created": dataset.created,
        "modified": dataset.modified,
        "rows_total": resource.rows,
        "facts": [
            ["Identifier", dataset.name],
            ["Catalogue code", dataset.catalogue_code],
            ["Openness", "Open"],
            ["Agency", agency],
            ["Source department", agency],
            ["Theme", dataset.theme.label.to(lang)[0]],
            ["Industry", dataset.industry.label.to(lang)[0] if dataset.industry else ""],
            ["Update cycle", dataset.update_cycle.label.to(lang)[0]],
            ["Keywords", ", ".join(word.to(lang)[0] for word in dataset.keywords)],
            ["Spatial coverage", dataset.spatial.name.to(lang)[0]],
            ["Temporal coverage", f"{dataset.temporal.start} to {dataset.temporal.end}"],
            ["Language", "中文"],
            ["Reference system", dataset.crs],
            ["Published on", dataset.created],
            ["Updated on", dataset.modified],
            ["Version", dataset.version],
            ["Legal basis of collection", dataset.collection.legal_basis.to(lang)[0]],
            ["System of origin", dataset.collection.system.to(lang)[0]],
            ["Data items", ", ".join(dataset.collection.items)],
            ["Sharing", dataset.sharing.type],
            ["Contributors", agency],
        ],
        "fields": [
            {
                "@type": "PropertyValue",
                "name": field.title.to(lang)[0],
                "alternateName": field.name,
                "description": field.description.to(lang)[0],
                "type": field.type,
                "unit": field.unit,
                "constraints": ", ".join(key for key, value in field.constraints.items() if value),
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
    }  # fmt: skip
