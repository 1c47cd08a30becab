"""Write docs/openapi.yaml from the code, or say that it is behind it (``--check``)."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "openapi.yaml"
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def written() -> str:
    """Return the document as the code says it now, in English."""
    import django  # noqa: PLC0415 - the path and the settings come first

    django.setup()
    from django.utils import translation  # noqa: PLC0415 - as above
    from drf_spectacular.generators import SchemaGenerator  # noqa: PLC0415 - as above
    from drf_spectacular.renderers import OpenApiYamlRenderer  # noqa: PLC0415 - as above
    from drf_spectacular.settings import spectacular_settings  # noqa: PLC0415 - as above

    with translation.override("en"):
        document = SchemaGenerator().get_schema(request=None, public=spectacular_settings.SERVE_PUBLIC)  # type: ignore[no-untyped-call]
        return bytes(OpenApiYamlRenderer().render(document)).decode()  # type: ignore[no-untyped-call]


def main() -> int:
    """Return 1 if the committed document differs from the code and nothing was to be written."""
    now = written()
    if "--check" not in sys.argv[1:]:
        DOCUMENT.write_text(now, encoding="utf-8")
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == now:
        return 0
    print("docs/openapi.yaml is behind the code; write it anew: make openapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
