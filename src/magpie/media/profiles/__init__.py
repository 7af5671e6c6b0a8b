"""What carriers take: one TOML file each, shipped ones and an operator's own."""
