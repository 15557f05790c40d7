"""Who is this? An office's own knowledge of people: lists read from spreadsheets, and the same person found on two lists."""
