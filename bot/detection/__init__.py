"""The detection of advertisements as the running bot has it: with its groups' memories, learning and database."""
