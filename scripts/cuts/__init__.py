"""Subsets of openly licensed data packages, one module for each dataset."""
