"""What people see in a browser: pages, and the small servers that bring them; no rules."""
