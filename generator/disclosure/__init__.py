"""The gate for open data: what is to be public is searched for what must not be. See docs/disclosure.md.

``gate.watches`` look at the tables in the pass that judges them, ``gate.search`` at everything else;
``waivers.waive`` leaves out what somebody answers for; ``scan`` searches files that belong to no dataset yet.
Each module is imported where it is used: what is known already needs little of them, and no Arrow.
"""
