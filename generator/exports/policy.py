"""The terms of access as an ODRL 2.2 policy: an offer of use, with duties, to those who may apply.

What the terms say in prose stays prose. ODRL has an action for that, ``odrl:reviewPolicy``, for where people have to
read: each condition and each security requirement is a duty of it, with its words. What has an action of its own gets
it: to apply is to obtain the consent of the publisher, a fee is to be compensated. Purposes are a constraint.

An offer names no asset: ``odrl:hasPolicy`` says that the asset is the target of all its rules, so that one policy can
be written once for all datasets that share their terms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.exports.addresses import Addresses
from generator.exports.rdf import Node, node, ref, refs, texts
from generator.exports.terms_of_access import free_of_charge, terms_of_channel
from generator.public import Access, Dataset, Resource
from generator.text import Text, bilingual


def address(dataset: Dataset, resource: Resource | None, at: Addresses) -> str:
    """Of the policy for a resource, or for the dataset as a whole; one for all that share their terms entirely."""
    access = resource.access if resource else dataset.access
    if access and access.is_shared:
        return f"{at.shared_terms(access.shared)}#policy"
    if resource is None or access == dataset.access:
        return at.part(dataset, "policy")
    return f"{at.distribution(dataset, resource)}-policy"


def policy(access: Access, iri: str, assigner: str, at: Addresses) -> list[Node]:
    """The policy and what it consists of. ``assigner`` is the address of who offers, described elsewhere."""
    party = _applicants(access.applicants, iri)
    purposes = [_purpose(each, f"{iri}-purpose-{number}") for number, each in enumerate(access.purposes, 1)]
    constraint = _constraint(purposes, iri)
    duties = list(_duties(access, iri, assigner))
    permission = node(
        f"{iri}-permission",
        "odrl:Permission",
        odrl_action=ref(_USE),
        odrl_assigner=ref(assigner),
        odrl_assignee=ref(party["@id"]) if party else None,
        odrl_constraint=ref(constraint["@id"]) if constraint else None,
        odrl_duty=refs(duty["@id"] for duty in duties),
    )
    shared = f"{at.shared_terms(access.shared)}#policy" if access.shared else ""
    entry = node(
        iri,
        "odrl:Policy odrl:Offer",
        odrl_uid=ref(iri),
        dct_title=texts(bilingual("有条件开放的使用条件", "Terms of conditional access")),
        odrl_assigner=ref(assigner),
        odrl_permission=ref(permission["@id"]),
        # Terms that depart from shared ones say which; they are whole in themselves all the same.
        prov_wasDerivedFrom=ref(shared) if shared != iri else None,
    )
    return [each for each in (entry, permission, party, constraint, *purposes, *duties) if each]


_ODRL = "http://www.w3.org/ns/odrl/2/"
_USE = f"{_ODRL}use"


def _applicants(who: Text, iri: str) -> Node | None:
    return node(f"{iri}-applicants", "odrl:Party odrl:PartyCollection", dct_description=texts(who)) if who else None


def _purpose(purpose: Text, iri: str) -> Node:
    return node(iri, "skos:Concept", skos_prefLabel=texts(purpose))


def _constraint(purposes: Sequence[Node], iri: str) -> Node | None:
    if not purposes:
        return None
    return node(
        f"{iri}-purposes",
        "odrl:Constraint",
        odrl_leftOperand=ref(f"{_ODRL}purpose"),
        odrl_operator=ref(f"{_ODRL}isAnyOf"),
        odrl_rightOperand=refs(each["@id"] for each in purposes),
    )


def _duties(access: Access, iri: str, assigner: str) -> Iterator[Node]:
    yield node(
        f"{iri}-application",
        "odrl:Duty",
        odrl_action=ref(f"{_ODRL}obtainConsent"),
        odrl_consentingParty=ref(assigner),
        dct_description=texts(_how_to_apply(access)),
    )
    for name, listed in (("condition", access.conditions), ("security", access.security)):
        for number, each in enumerate(listed, 1):
            yield node(
                f"{iri}-{name}-{number}",
                "odrl:Duty",
                odrl_action=ref(f"{_ODRL}reviewPolicy"),
                dct_description=texts(each),
            )
    if access.fee and free_of_charge(access) is not True:
        yield node(
            f"{iri}-fee",
            "odrl:Duty",
            odrl_action=ref(f"{_ODRL}compensate"),
            odrl_compensatedParty=ref(assigner),
            dct_description=texts(access.fee),
        )


def _how_to_apply(access: Access) -> Text:
    made = {}
    for lang in ("zh", "en"):
        first = "向提供部门申请，经其同意" if lang == "zh" else "Apply to the publisher and obtain its consent"
        channel = terms_of_channel(access.channel, lang)
        made[lang] = first + (("：" if lang == "zh" else ": ") + channel if channel else "")
    return bilingual(made["zh"], made["en"])
