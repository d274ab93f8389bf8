"""Charts (ECMA-376-1 21.2), rebuilt: what is painted, and nothing of where it came from."""
