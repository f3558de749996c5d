"""What each page shows and which commands it offers, without Qt."""
