"""The canaries: for each channel a document that carries a word there and nowhere else."""
