"""What is fair? Who goes in which batch, by a rule that is published and can be done again by anybody."""
