"""Kaishu (开数): turn folders of Data Packages into a static open-data portal."""

__version__ = "0.1.0"
