"""The made-up model of benches/scenarios.rs in numpy: prints "name runs-per-second" for three ways to write it,
after the nominal totals of each pollutant in the last year.

detailed: every line, item and pollutant. batched: every line and item, 100 runs at once. collapsed: lines summed by driver first. Both give totals by pollutant and year
and the last year of each maximum. Called by the bench; prints nothing where numpy is not installed.
"""

import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit(0)

LINES, ITEMS, POLLUTANTS, DRIVERS, YEARS, FACTORS, BATCH = 200, 6, 10, 8, 36, 4, 100
line, item = np.meshgrid(np.arange(LINES), np.arange(ITEMS), indexing="ij")
BASE = 1.0 + (line * 31 + item * 17) % 97
item, pollutant = np.meshgrid(np.arange(ITEMS), np.arange(POLLUTANTS), indexing="ij")
FACTOR = 0.1 + ((item * 13 + pollutant * 7) % 23) / 10
DRIVER = np.arange(LINES) % DRIVERS
RATE = 0.06 - 0.003 * np.arange(1, YEARS + 1)[None, :] + 0.002 * np.arange(DRIVERS)[:, None]
COLLAPSED = np.zeros((DRIVERS, ITEMS))
np.add.at(COLLAPSED, DRIVER, BASE)
WEIGHTS = COLLAPSED[:, :, None] * FACTOR[None]
RANDOM = np.random.default_rng(1)


def sample():
    growth = np.ones((BATCH, DRIVERS, YEARS + 1))
    added = 0.01 * (RANDOM.random((BATCH, DRIVERS, 1)) - 0.5)
    np.cumprod(1 + RATE[None] + added, axis=2, out=growth[:, :, 1:])
    factors = np.ones((BATCH, ITEMS))
    factors[:, :FACTORS] = 0.9 + 0.2 * RANDOM.random((BATCH, FACTORS))
    return growth, factors


def last_maximum(totals):
    return YEARS - totals[:, :, ::-1].argmax(axis=2)


def batched():
    growth, factors = sample()
    amounts = growth[:, DRIVER, :]
    of_lines = (BASE[None] * factors[:, None, :]) @ FACTOR
    return last_maximum(of_lines.transpose(0, 2, 1) @ amounts)


def detailed():
    growth, factors = sample()
    amounts = growth[:, DRIVER, :]
    of_lines = (BASE[None] * factors[:, None, :]) @ FACTOR
    detail = of_lines[:, :, :, None] * amounts[:, :, None, :]
    return last_maximum(detail.sum(axis=1))


def collapsed():
    growth, factors = sample()
    weights = np.einsum("rf,dfp->rpd", factors, WEIGHTS, optimize=True)
    return last_maximum(weights @ growth)


# What the bench compares before any time: the year of the horizon with nothing drawn.
nominal = np.cumprod(1 + RATE, axis=1)[:, -1]
for pollutant, total in enumerate(np.einsum("df,fp,d->p", COLLAPSED, FACTOR, nominal)):
    print(f"total.{pollutant} {float(total)!r}")

for name, run in [("detailed", detailed), ("batched", batched), ("collapsed", collapsed)]:
    run()
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    print(name, f"{BATCH / best:.1f}")
