"""Writes scikitLearn.json: what scikit-learn makes of some groupings and scores. Run: python scikitLearn.py"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import (
    adjusted_mutual_info_score,
    normalized_mutual_info_score,
    roc_auc_score,
    roc_curve,
)

random = np.random.default_rng(20240607)


def groupings():
    yield "random", random.integers(0, 5, 60), random.integers(0, 7, 60)
    truth = np.repeat(np.arange(40), 2)
    yield "pairs, half of them found", truth, np.where(random.random(80) < 0.5, truth, random.integers(0, 40, 80))
    yield "the same with other numbers", np.array([0, 0, 1, 1, 2]), np.array([2, 2, 0, 0, 1])
    yield "one class, one cluster", np.zeros(5, int), np.zeros(5, int)
    yield "one class, many clusters", np.zeros(6, int), np.arange(6)
    yield "many classes, one cluster", np.arange(6), np.zeros(6, int)
    yield "each alone", np.arange(6), np.arange(6)
    yield "two items apart", np.array([0, 1]), np.array([0, 1])
    yield "two items together", np.array([0, 1]), np.array([0, 0])
    skewed = np.repeat([0, 1, 2, 3], [900, 60, 30, 10])
    yield "skewed", skewed, (skewed + (random.random(1000) < 0.2) * random.integers(0, 4, 1000)) % 4
    yield "independent", np.tile([0, 1], 8), np.repeat([0, 1], 8)


def scorings():
    yield "apart", random.normal(0.6, 0.2, 200), random.normal(0.2, 0.2, 900)
    yield "with ties", np.round(random.normal(0.6, 0.3, 80), 1), np.round(random.normal(0.4, 0.3, 120), 1)
    yield "all equal", np.full(7, 0.5), np.full(9, 0.5)
    yield "perfect", np.array([0.9, 0.8]), np.array([0.1, 0.3, 0.2])
    yield "the wrong way round", np.array([0.1, 0.2]), np.array([0.8, 0.3, 0.9])


def scored(name, same, different):
    # The scores are compared in single precision.
    same, different = same.astype(np.float32), different.astype(np.float32)
    truth = np.r_[np.ones(len(same)), np.zeros(len(different))]
    score = np.r_[same, different]
    far, tar, thresholds = roc_curve(truth, score, drop_intermediate=False)
    return {
        "name": name,
        "same": [float(x) for x in same],
        "different": [float(x) for x in different],
        "rocAuc": roc_auc_score(truth, score),
        "curve": [[float(t) + 0.0, float(f), float(r)] for f, r, t in zip(far, tar, thresholds) if np.isfinite(t)],
    }


document = {
    "scikitLearn": sklearn.__version__,
    "groupings": [
        {
            "name": name,
            "a": a.tolist(),
            "b": b.tolist(),
            "nmi": normalized_mutual_info_score(a, b),
            "ami": adjusted_mutual_info_score(a, b),
        }
        for name, a, b in groupings()
    ],
    "scorings": [scored(*each) for each in scorings()],
}
Path(__file__).with_name("scikitLearn.json").write_text(json.dumps(document) + "\n")
