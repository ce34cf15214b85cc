"""Benchmarks: ratios in one run, two commands in turn. Figures stand in ``docs/performance.md``."""
