"""What the log must not keep: numbers of people, whatever an exception or a traceback carries."""

import logging


class MaskingFormatter(logging.Formatter):
    """Writes a record without telephone, identity and plate numbers, those of its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, masked."""
        from people.masking import mask_text  # noqa: PLC0415 - logging is set up before the apps are

        return mask_text(super().format(record))[0]
