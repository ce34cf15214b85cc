"""What a browser is told of the site besides its content: said once, for pages, for ``_headers`` and for the docs."""

from __future__ import annotations

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
"""Everything is the site's own; nothing is inline. JSON-LD is no script to a browser: such a block is never
executed, and the policy does not concern it. What is not named (frames, fonts, media, objects) there is none of."""
WASM = "'wasm-unsafe-eval'"
"""What DuckDB needs besides, in a portal that offers it (0022)."""
FRAMES = {"frame-ancestors": "'self'"}
"""For servers alone: browsers ignore it in a page."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
DATA_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
}
"""So that programs and other sites may read data and metadata, also in parts."""
TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv; charset=utf-8",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle; charset=utf-8",
    "geojson": "application/geo+json",
}


def meta_policy(*, wasm: bool = False) -> str:
    """As a page itself can state it."""
    return _joined(_with_wasm(POLICY, wasm=wasm))


def policy(*, wasm: bool = False) -> str:
    """As a server sends it."""
    return _joined(_with_wasm(POLICY | FRAMES, wasm=wasm))


def _with_wasm(directives: dict[str, str], *, wasm: bool) -> dict[str, str]:
    return directives | {"script-src": f"{directives['script-src']} {WASM}"} if wasm else directives


def _joined(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def headers_file(*, wasm: bool = False) -> str:
    """``_headers``, which several hosts of static sites read (Netlify, Cloudflare Pages and the like)."""
    blocks = [("/*", {"Content-Security-Policy": policy(wasm=wasm), **HEADERS})]
    open_to_all = ("/data/*", "/api/*", "/schema/*", "/*.json", "/*.jsonld", "/*.ttl", "/*.csv", "/*.xml")
    blocks += [(path, DATA_HEADERS) for path in open_to_all]
    blocks += [(f"/data/*.{ending}", {"Content-Type": type_}) for ending, type_ in TYPES.items()]
    # Their names change with their content.
    blocks += [("/assets/*", {"Cache-Control": "public, max-age=31536000, immutable"})]
    lines = (line for path, headers in blocks for line in (path, *(f"  {k}: {v}" for k, v in headers.items()), ""))
    return "\n".join(lines)
