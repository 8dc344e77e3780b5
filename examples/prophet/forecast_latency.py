"""Forecasts the latency of nodes with Prophet, cross-validates, and reports how good that is.

Reads the history from Tailnet Observatory's API and posts MAE, RMSE, R² and coverage for each node, as the model
`prophet/NODE`. Settings come from the environment:

    OBSERVATORY_URL     default http://127.0.0.1:3000
    OBSERVATORY_TOKEN   a token of scope ingest: npm run token -- --scope ingest --name prophet
    OBSERVATORY_READ_TOKEN   a token of scope read; not needed on the machine itself
"""

import argparse
import json
import logging
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

import numpy as np
import pandas as pd
import prophet
from prophet import Prophet
from prophet.diagnostics import cross_validation, performance_metrics

URL = os.environ.get("OBSERVATORY_URL", "http://127.0.0.1:3000").rstrip("/")
TIMEOUT_SECONDS = 20
MOST_BYTES = 4 * 1024 * 1024
HALF_HOUR = pd.Timedelta(minutes=30)
# Half-hour means: a history has at most 500 points.
DAYS = 10
INITIAL = pd.Timedelta(days=5)
HORIZON = pd.Timedelta(days=1)


class Unusable(Exception):
    """Something that whoever runs the job can put right; the message says what."""


def ask(path, token, body=None):
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return json.loads(response.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        text = error.read(MOST_BYTES).decode(errors="replace")
        try:
            text = json.loads(text).get("detail", text)
        except ValueError:
            pass
        raise Unusable(f"{path}: {error.code}, {text}") from error
    except (OSError, ValueError) as error:
        raise Unusable(f"{URL}{path} does not answer as it should: {error}") from error


def history(node, token):
    """Half-hour means of a node, in Prophet's columns; the half hour that is not over is left out."""
    path = f"/health-monitoring/latency-history/{urllib.parse.quote(node, safe='')}?hours={DAYS * 24}"
    points = ask(path, token)["history"]
    frame = pd.DataFrame(
        {
            "ds": pd.to_datetime([point["timestamp"] for point in points], utc=True),
            "y": [point["latency_ms"] for point in points],
        }
    ).dropna()
    over = pd.Timestamp.now(tz="UTC").floor(HALF_HOUR)
    frame = frame[frame["ds"] < over]
    # Prophet takes times without a zone.
    return frame.assign(ds=frame["ds"].dt.tz_localize(None))


def model():
    """A daily rhythm around a level: latencies have no trend to extend."""
    return Prophet(
        growth="flat", daily_seasonality=True, weekly_seasonality=False, yearly_seasonality=False
    )


def evaluate(frame):
    """Each day but the first five, forecast from what was known before it."""
    # The band is drawn at random: the same history has to give the same numbers.
    np.random.seed(0)
    fitted = model().fit(frame)
    folds = cross_validation(
        fitted, initial=INITIAL, period=HORIZON, horizon=HORIZON, disable_tqdm=True
    )
    overall = performance_metrics(folds, metrics=["mae", "rmse", "coverage"], rolling_window=1)
    metrics = {name: float(overall[name].iloc[0]) for name in ("mae", "rmse", "coverage")}
    varied = float(((folds["y"] - folds["y"].mean()) ** 2).sum())
    if varied > 0:
        metrics["r2"] = 1 - float(((folds["y"] - folds["yhat"]) ** 2).sum()) / varied
    metrics["folds"] = int(folds["cutoff"].nunique())
    return metrics


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("nodes", nargs="*", help="host names; by default every critical node")
    nodes = parser.parse_args().nodes
    token = os.environ.get("OBSERVATORY_TOKEN")
    if not token:
        raise Unusable(
            "OBSERVATORY_TOKEN is not set: make one with `npm run token -- --scope ingest --name prophet`"
        )
    reader = os.environ.get("OBSERVATORY_READ_TOKEN")
    if not nodes:
        nodes = [node["hostname"] for node in ask("/health-monitoring/critical", reader)["nodes"]]
    for node in nodes:
        frame = history(node, reader)
        measured = frame["ds"].max() - frame["ds"].min() if len(frame) else pd.Timedelta(0)
        if measured < INITIAL + HORIZON:
            days = measured / pd.Timedelta(days=1)
            print(f"{node}: {days:.1f} days are measured; it takes 6 to say how good a forecast is")
            continue
        metrics = evaluate(frame)
        name = "prophet/" + (re.sub(r"[^\w./-]+", "_", node, flags=re.ASCII)[:56] or "node")
        answer = ask(
            "/models/metrics",
            token,
            {
                "model_name": name,
                "metrics": metrics,
                "version": prophet.__version__,
                "trained_at": (frame["ds"].max() + HALF_HOUR).isoformat() + "Z",
                "horizon": "1 day",
                "window": f"{DAYS} days",
            },
        )
        news = "reported" if answer["stored"] else "had been reported before"
        numbers = ", ".join(f"{key} {value:.3g}" for key, value in metrics.items())
        print(f"{node}: {numbers}; {news}, {answer['entry']['status']}")


if __name__ == "__main__":
    logging.getLogger("cmdstanpy").setLevel(logging.WARNING)
    logging.getLogger("prophet").setLevel(logging.WARNING)
    try:
        main()
    except Unusable as problem:
        sys.exit(str(problem))
