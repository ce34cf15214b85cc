"""Spreadsheets as agencies have them → a dataset folder that only lacks what a human alone can say.

``draft.draft`` tells the story: read, find the tables, read their columns, search for personal data, ask, describe.
Nothing is written but by ``writing``. Each module is imported where it is used.
"""
