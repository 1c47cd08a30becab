"""A field for several photos at once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from petitions.photos import MAX_PER_STEP

ACCEPT = "image/jpeg,image/png,image/webp"


class PhotosInput(forms.ClearableFileInput):
    """A file input that takes several; the browser keeps what is chosen when htmx puts the form back.

    ``data-shrink`` names the script that makes them smaller on the phone (``linli.js`` fetches it when one is chosen).
    """

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self) -> None:
        super().__init__({"multiple": True, "accept": ACCEPT, "hx-preserve": "true"})

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        """Return the attributes; the script's address is known when the page is made."""
        return {**super().build_attrs(base_attrs, extra_attrs), "data-shrink": static("linli/photo.js")}


class PhotosField(forms.FileField):
    """Up to five photos; what a photo is, ``petitions.photos`` decides."""

    widget = PhotosInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("help_text", gettext_lazy("Up to 5 photos. Place and device data are removed."))
        super().__init__(**options)

    def clean(self, data: Sequence[UploadedFile] | None, initial: Any = None) -> list[UploadedFile]:
        """Return the files; an empty list if there are none."""
        files = [super(PhotosField, self).clean(file, initial) for file in data or ()]
        if len(files) > MAX_PER_STEP:
            raise forms.ValidationError(_("At most %(count)d photos at a time.") % {"count": MAX_PER_STEP})
        return files
