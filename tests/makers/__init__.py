"""The makers: documents for tests, built from short notations, independent of the library."""
