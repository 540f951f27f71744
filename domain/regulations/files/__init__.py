"""Files: a regulation as an office writes it, a YAML file; every value keeps its line."""
