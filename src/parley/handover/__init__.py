"""Who crossed? The books of the counters at the point, joined in any order, and the manifest as data; no procedure."""
