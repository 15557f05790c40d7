"""Is it genuine? Everything that tells a true entry of the record from a forged, torn or reordered one.

Notes are signed as they stand, acts name what came before, the log proves what it holds, checkpoints prove that all
saw the same log. Nothing here knows what an act means or whether it is allowed; that is the law, in ``parley.process``.
"""
