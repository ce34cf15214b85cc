"""Scripts that make the catalogue's own datasets. The program does not import them."""
