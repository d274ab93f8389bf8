"""Charts through the inspectors' eyes: what they say, what they are drawn from, what they hide."""
