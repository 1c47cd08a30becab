"""What must hold before residents are shown a map."""

from django.core.checks import CheckMessage, Error, register

from petitions import points


@register
def check_map(**_kwargs: object) -> list[CheckMessage]:
    """Refuse a map that is set up by halves: its bounds, its datum and who drew it are needed with its tiles."""
    try:
        points.tiles()
    except ValueError as wrong:
        return [Error(str(wrong), hint="Leave MAP_TILES empty for no map.", id="petitions.E001")]
    return []
