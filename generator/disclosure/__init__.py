"""The gate for open data: what is to be public is searched for what must not be. See docs/disclosure.md.

``watches`` look at the tables in the pass that judges them, ``search`` at everything else; ``waive`` leaves out what
somebody answers for. Importing this package is cheap: Arrow is imported where a large table is looked at.
"""

from generator.disclosure.claims import names_a_person
from generator.disclosure.gate import office_phones, search, watches
from generator.disclosure.scan import files_below, scan
from generator.disclosure.waivers import waive

__all__ = ["files_below", "names_a_person", "office_phones", "scan", "search", "waive", "watches"]
