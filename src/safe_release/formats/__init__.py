"""The builders: one package per format, each writing a new file from what a reader sees."""
