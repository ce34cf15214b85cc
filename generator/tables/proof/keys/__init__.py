"""Keys of any number of rows in bounded memory: which rows have the key of an earlier row, which refer to nothing.

Compared are values, as frictionless compares them, never texts. A key becomes a 64-bit number (``numbers``); numbers
are kept in memory up to a bound and then in temporary files (``space``), in the order of the rows. Sorting them finds
those that occur twice (``runs``): different numbers prove different keys. Equal numbers prove nothing, unless the
number is the value.
"""

from generator.tables.proof.keys.reference import Reference, Tuples, comparable
from generator.tables.proof.keys.space import Space
from generator.tables.proof.keys.unique import Unique

__all__ = ["Reference", "Space", "Tuples", "Unique", "comparable"]
