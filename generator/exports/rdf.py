"""Nodes of an RDF graph, as JSON-LD and as Turtle.

A node is a JSON-LD object: ``@id``, ``@type`` (a list of prefixed names) and properties (prefixed name → list
of terms). There are no blank nodes: everything has an address, so that both syntaxes hold the same graph, line
by line in the same order, in any build.

Oxigraph writes the Turtle, node by node: 0.5 ms a dataset, where rdflib takes 6 to 11. The tests read every file with
rdflib and compare both graphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pyoxigraph as ox

from generator.exports import json_text
from generator.exports.wellformed import encodable, language_tag, without_controls, xsd_date
from generator.text import Text

Node = dict[str, Any]
Term = dict[str, str]

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def node(iri: str, types: str, **properties: Iterable[Term] | Term | None) -> Node:
    """Property names with ``_`` for the colon; those without a value are left out."""
    made: Node = {"@id": iri, "@type": types.split()}
    for name, terms in properties.items():
        values = [terms] if isinstance(terms, dict) else list(terms or ())
        if values:
            made[name.replace("_", ":", 1)] = values
    return made


def ref(iri: str) -> Term | None:
    return {"@id": iri} if iri else None


def refs(iris: Iterable[str]) -> list[Term]:
    return [{"@id": iri} for iri in dict.fromkeys(iris) if iri]


def literal(value: str, *, lang: str = "", type: str = "") -> Term:
    # Turtle and JSON can hold what XML cannot; harvesters turn either into RDF/XML.
    # Tags in lower case: RDF 1.1 lets a reader make them so, and then both syntaxes must still say the same.
    tag, value = language_tag(lang).lower(), without_controls(value)
    return {"@value": value} | ({"@language": tag} if tag else {"@type": type} if type else {})


def plain(value: str) -> Term | None:
    return literal(value) if value else None


def texts(text: Text) -> list[Term]:
    """The text in each language that it is in."""
    if not text:
        return []
    return [literal(text.main, lang=text.lang)] + [literal(t, lang=lang) for lang, t in text.translations if t]


def date(text: str) -> Term | None:
    known = xsd_date(text)
    return literal(known[0], type=f"xsd:{known[1]}") if known else None


def key(each: Node) -> str:
    """Two nodes with one key say the same: agencies, licences and concepts come with many datasets.

    One address may be two things, say a home page and a licence; those are two nodes.
    """
    return " ".join((each["@id"], *each["@type"]))


def jsonld_line(each: Node) -> bytes:
    return json_text.dense(each).encode()


def jsonld(lines: Iterable[bytes]) -> bytes:
    """A document of nodes from ``jsonld_line``; its context is in it, nothing is to be fetched."""
    return b"".join((_JSONLD_HEAD, b",\n".join(lines), b"\n]}\n"))


def turtle(blocks: Iterable[bytes]) -> bytes:
    """A document of nodes from ``turtle_block``."""
    return b"\n".join((_TURTLE_HEAD, *blocks))


_JSONLD_HEAD = f'{{"@context": {json_text.dense(PREFIXES)},\n"@graph": [\n'.encode()


def _document(triples: Iterable[ox.Triple]) -> bytes:
    made = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    assert made is not None, "without an output to write to, it returns the bytes"
    return made


_TURTLE_HEAD = _document(())


def turtle_block(each: Node) -> bytes:
    return _document(_triples(each)).removeprefix(_TURTLE_HEAD)


def _triples(each: Node) -> Iterator[ox.Triple]:
    subject = ox.NamedNode(each["@id"])
    for type_ in each["@type"]:
        yield ox.Triple(subject, _TYPE, _named(type_))
    for name, terms in each.items():
        if name[0] != "@":
            yield from (ox.Triple(subject, _named(name), _object(term)) for term in terms)


def _object(term: Term) -> ox.NamedNode | ox.Literal:
    if "@id" in term:
        return ox.NamedNode(term["@id"])
    value = encodable(term["@value"])
    if "@language" in term:
        return ox.Literal(value, language=term["@language"])
    return ox.Literal(value, datatype=_named(term["@type"]) if "@type" in term else None)


@cache
def _named(name: str) -> ox.NamedNode:
    """A prefixed name of the vocabularies."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
