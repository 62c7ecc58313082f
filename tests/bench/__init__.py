"""The benchmark: the whole pipeline beside plain DuckDB SQL over the same files.

`make bench [SCALE=10]`, or `python -m bench --help` with `tests/` on the path. Not here: tests of
the product; nothing in this folder is a bound on time.
"""
