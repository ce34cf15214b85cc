"""``python -m generator``: the same as ``kaishu``."""

from generator.cli import main

main()
