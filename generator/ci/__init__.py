"""What a forge runs: the check of a pull request and what is told of it, reminders, code owners, the portal's settings.

All logic of the workflows is here; they call ``kaishu`` and nothing else (docs/ci.md).
"""
