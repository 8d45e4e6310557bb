"""The printed statistics of the county: six fixed forms, their frozen editions, the bulletin and the annual report."""
