"""What browsers may do with pages of ours (Content Security Policy, level 3): nothing but show them, unless a page says otherwise."""

import base64
import hashlib
from typing import Final

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The pages of the API documents load their viewer; they show no data.
DOCUMENT_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' https:; style-src 'self' 'unsafe-inline' https:; img-src 'self' data: https:; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def policy_with_script(html: str) -> dict[str, str]:
    """Headers for a page whose last script is ours and may run, and may ask this service. Nothing from callers may stand inside it."""
    if "<script>" not in html:
        return {"Content-Security-Policy": PAGE_POLICY}
    script = html.rpartition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {"Content-Security-Policy": f"{PAGE_POLICY}; script-src 'sha256-{digest}'; connect-src 'self'"}
