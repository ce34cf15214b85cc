"""Pictures as inline SVG, drawn when the site is built.

A plot has a fixed height and the width that there is: shapes are stretched, while texts, strokes and points keep their
size, so that it can be read on a phone as on a wide screen. What tells series apart is never colour alone.
"""
