"""Invented data that show a feature, one module for each dataset."""
