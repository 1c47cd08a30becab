"""Pages of Party organisations and their members."""
