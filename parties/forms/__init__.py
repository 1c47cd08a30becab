"""What Party organisations and their members are asked."""
