"""Masks."""
def mask_name(name: str) -> str:
    return name and name[0] + "**"
def mask_phone(phone: str) -> str:
    return phone and "***"
def mask_email(email: str) -> str:
    return email and "***"
