"""DrawingML (ECMA-376-1 20.1) as every Office format uses it: grammar, styles, texts."""
