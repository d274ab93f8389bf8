"""Drawings of sheets through the inspectors' eyes (ECMA-376-1 20.5)."""
