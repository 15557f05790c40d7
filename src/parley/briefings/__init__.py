"""What may be said, to whom, and in which words: every figure comes from the record, every sentence from the phrases."""
