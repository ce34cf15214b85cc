"""What changed between two states of a catalogue, told to who reviews the change, the loss of data first.

``diff(base, head)`` compares two git revisions, folders or published sites; ``Differences.to_json`` and ``shown`` give
the result to programs and to people. The data of resources that are not open on both sides are never opened.
"""

from generator.differences.comparing import diff as diff
from generator.differences.showing import shown as shown
from generator.differences.values import Differences as Differences
from generator.differences.verdict import exit_code as exit_code

__all__ = ["Differences", "diff", "exit_code", "shown"]
