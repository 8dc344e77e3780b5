"""What the statistics of lib/models must come to, computed without any of its code.

    pip install -r requirements.txt && python model_statistics.py > model-statistics.json

The tests compare with model-statistics.json, which is committed; run this again only to change the cases.
"""

import json

import numpy as np
from scipy import integrate
from scipy.stats import norm
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from statsmodels.tsa.holtwinters import ExponentialSmoothing

rng = np.random.default_rng(20261124)


def scores():
    actual = rng.gamma(8, 3, 200)
    expected = actual + rng.normal(0.4, 2, 200)
    other = 80 + rng.normal(0, 5, 90)
    other_expected = other + rng.normal(0, 1.5, 90)
    both = np.concatenate([actual, other])
    both_expected = np.concatenate([expected, other_expected])
    within = ((actual - actual.mean()) ** 2).sum() + ((other - other.mean()) ** 2).sum()
    return {
        "one": {
            "actual": actual.tolist(),
            "expected": expected.tolist(),
            "mae": mean_absolute_error(actual, expected),
            "rmse": mean_squared_error(actual, expected) ** 0.5,
            "r2": r2_score(actual, expected),
        },
        "two": {
            "actual": other.tolist(),
            "expected": other_expected.tolist(),
            "mae": mean_absolute_error(both, both_expected),
            "rmse": mean_squared_error(both, both_expected) ** 0.5,
            "r2": 1 - ((both - both_expected) ** 2).sum() / within,
        },
    }


def baselines():
    mae = np.round(rng.lognormal(1, 0.5, 620), 3)
    before = [mae[max(0, i - 500) : i] for i in range(len(mae))]
    medians = [float(np.median(b)) if len(b) >= 5 else None for b in before]
    return {
        "mae": mae.tolist(),
        "baseline": medians,
        "degraded": [m is not None and v > 2 * m for v, m in zip(mae.tolist(), medians)],
    }


def holt_winters():
    """Without outliers the smoother is plain Holt-Winters: statsmodels'."""
    slots = 12
    t = np.arange(240)
    values = 20 + 0.01 * t + 4 * np.sin(2 * np.pi * t / slots) + rng.normal(0, 1, 240)
    level = 20.0
    season = (4 * np.sin(2 * np.pi * np.arange(slots) / slots)).tolist()
    fit = ExponentialSmoothing(
        values,
        seasonal="add",
        seasonal_periods=slots,
        initialization_method="known",
        initial_level=level,
        initial_seasonal=season,
    ).fit(smoothing_level=0.2, smoothing_seasonal=0.1, optimized=False)
    return {
        "values": values.tolist(),
        "level": level,
        "season": season,
        "alpha": 0.2,
        "gamma": 0.1,
        "fitted": fit.fittedvalues.tolist(),
        # Not the whole season: statsmodels 0.15 gives its last step the slot's value of the season before.
        "forecast": fit.forecast(slots - 1).tolist(),
    }


def biweight(x, k=2.0, c=2.52):
    return np.where(np.abs(x) <= k, c * (1 - (1 - (x / k) ** 2) ** 3), c)


def consistency():
    """The mean of the bounded loss at the normal distribution: 1, or the deviation would drift."""
    return integrate.quad(lambda x: float(biweight(x)) * norm.pdf(x), -10, 10)[0]


def robust(values, first, level, season, sd, alpha, gamma, lam):
    """Gelper, Fried & Croux (2010), equations for the cleaned series, one step after another."""
    season = dict(enumerate(season))
    m = len(season)
    predictions, deviations = [], []
    for t, y in enumerate(values):
        j = (first + t) % m
        prediction = level + season[j]
        predictions.append(prediction)
        deviations.append(sd)
        if np.isnan(y):
            continue
        residual = y - prediction
        sd = np.sqrt(lam * float(biweight(residual / sd)) * sd**2 + (1 - lam) * sd**2)
        y_star = np.clip(residual / sd, -2, 2) * sd + prediction
        new_level = alpha * (y_star - season[j]) + (1 - alpha) * level
        season[j] = gamma * (y_star - level) + (1 - gamma) * season[j]
        level = new_level
    return predictions, deviations, level, season, sd


def latency():
    """Sixteen days of half hours with a daily rhythm, spikes, an outage: the last fourteen are learned from."""
    slot_ms, slots = 1_800_000, 48
    begin = 1_763_942_400_000 + 7 * slot_ms  # 2025-11-24 03:30 UTC
    n = 16 * slots - 5
    t = np.arange(n)
    values = 14 + 3 * np.sin(2 * np.pi * (t + 7) / slots) + rng.normal(0, 0.4, n)
    values[rng.choice(n, 25, replace=False)] += rng.uniform(10, 80, 25)
    values[300:330] = np.nan
    used = values[-14 * slots :]
    used_times = begin + slot_ms * t[-14 * slots :]
    first = int(used_times[0] // slot_ms % slots)
    head = used[: 3 * slots]
    level = float(np.nanmedian(head))
    lists = [[] for _ in range(slots)]
    for i, y in enumerate(head):
        if not np.isnan(y):
            lists[(first + i) % slots].append(y - level)
    season = [
        float(np.median(lists[s - 1] + lists[s] + lists[(s + 1) % slots])) for s in range(slots)
    ]
    residuals = [abs(y - level - season[(first + i) % slots]) for i, y in enumerate(head)]
    sd = 1.4826 * float(np.nanmedian(residuals))
    predictions, deviations, level, season, sd = robust(
        used, first, level, season, sd, 0.05, 0.15, 0.05
    )
    past = [
        {"time": int(used_times[i]), "expected": predictions[i], "deviation": deviations[i]}
        for i in range(3 * slots, len(used))
    ]
    last = int(used_times[-1])
    following = [
        {
            "time": last + (h + 1) * slot_ms,
            "expected": level + season[(first + len(used) + h) % slots],
            "deviation": sd * np.sqrt(1 + 0.05**2 * h),
        }
        for h in range(slots)
    ]
    points = [
        {"time": int(begin + slot_ms * i), "latencyMs": None if np.isnan(y) else float(y)}
        for i, y in enumerate(values)
    ]
    return {"points": points, "past": past, "next": following}


def rounded(value):
    """Nine digits are more than the tests look at."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return round(value, 9) if isinstance(value, float) else value


print(
    json.dumps(
        rounded(
            {
                "scores": scores(),
                "baselines": baselines(),
                "holtWinters": holt_winters(),
                "consistency": consistency(),
                "latency": latency(),
            }
        )
    )
)
