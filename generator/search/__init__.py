"""The catalogue's search: what its script in the browser reads. Knows documents, and nothing of pages."""
