"""Writes trustworthiness.json: scikit-learn's trustworthiness of some maps. Run: python trustworthiness.py"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.manifold import trustworthiness

random = np.random.default_rng(20261122)


def cases():
    rows = random.normal(size=(40, 6))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    yield "first two coordinates", rows, rows[:, :2]
    yield "noise", rows, random.normal(size=(40, 2))
    corners = np.repeat(np.eye(5), 8, axis=0) + 0.1 * random.normal(size=(40, 5))
    corners /= np.linalg.norm(corners, axis=1, keepdims=True)
    yield "corners", corners, corners[:, :3] @ random.normal(size=(3, 2))


out = []
for name, rows, positions in cases():
    rows, positions = rows.astype(np.float32), positions.astype(np.float32)
    measures = [
        {
            "k": k,
            "trustworthiness": trustworthiness(rows.astype(float), positions.astype(float), n_neighbors=k),
            # Continuity is trustworthiness with the two spaces exchanged.
            "continuity": trustworthiness(positions.astype(float), rows.astype(float), n_neighbors=k),
        }
        for k in (1, 5, 15)
    ]
    flat = {"rows": [float(x) for x in rows.ravel()], "positions": [float(x) for x in positions.ravel()]}
    out.append({"name": name, "items": len(rows), **flat, "measures": measures})

target = Path(__file__).with_name("trustworthiness.json")
target.write_text(json.dumps({"scikitLearn": sklearn.__version__, "maps": out}))
