"""PostgreSQL and Valkey from their wheels, and one supervisor over everything Linli needs.

For demonstration, development and tests (ADR 0001). Production names its own servers in ``DATABASE_URL`` and
``BROKER_URL``; then nothing here starts anything. Nothing in this package needs ``django.setup()``.
"""
