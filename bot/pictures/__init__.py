"""What is read in pictures: codes, words, and how they look. Only ``gallery`` asks a platform or the database."""
