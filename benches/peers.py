"""The same join and product in Python's pandas and polars, where they are installed: prints "name seconds" for each.

Called by the bench with the two CSV files it has made; the time is that of the join and the product alone.
"""

import importlib
import sys
import time

KEYS = ["category", "item", "technology"]


def pandas_seconds(pandas, activity, factors):
    rows, table = pandas.read_csv(activity), pandas.read_csv(factors)
    start = time.perf_counter()
    joined = rows.merge(table[KEYS + ["pollutant", "value"]], on=KEYS)
    joined["emitted_t"] = joined["amount"] * joined["value"]
    return time.perf_counter() - start


def polars_seconds(polars, activity, factors):
    rows, table = polars.read_csv(activity), polars.read_csv(factors)
    start = time.perf_counter()
    product = (polars.col("amount") * polars.col("value")).alias("emitted_t")
    rows.lazy().join(table.lazy(), on=KEYS).select("year", "source", "pollutant", product).collect()
    return time.perf_counter() - start


for name, seconds in [("pandas", pandas_seconds), ("polars", polars_seconds)]:
    try:
        module = importlib.import_module(name)
    except ImportError:
        continue
    print(name, f"{seconds(module, *sys.argv[1:3]):.3f}")
