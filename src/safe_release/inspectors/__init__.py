"""The second hand: eyes that share no code with the builders."""
