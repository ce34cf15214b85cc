"""``kaishu fix``: what loses nothing is mended, the rest is left with a question. See docs/decisions/0027.

``plan`` makes the new files beside the datasets and proves that nothing gets worse, ``write`` puts them in place,
``telling`` says what was, or would be, done.
"""

from generator.mending.planning import plan as plan
from generator.mending.values import Mending as Mending
from generator.mending.writing import write as write

__all__ = ["Mending", "plan", "write"]
