"""Writes clusters.json: scikit-learn's HDBSCAN of points on a sphere, and networkx's Louvain communities. Run: python clusters.py"""

import json
from pathlib import Path

import networkx as nx
import numpy as np
import sklearn
from sklearn.cluster import HDBSCAN
from sklearn.datasets import make_blobs, make_moons


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def sets():
    rows, _ = make_blobs(150, n_features=4, centers=5, cluster_std=0.6, random_state=3)
    yield "blobs", unit(rows), dict(min_cluster_size=8, min_samples=5)
    yield "blobs, larger clusters", unit(rows), dict(min_cluster_size=20, min_samples=10)
    moons, _ = make_moons(160, noise=0.06, random_state=5)
    rows = unit(np.c_[0.5 * moons, np.ones(len(moons))])
    yield "moons", rows, dict(min_cluster_size=10, min_samples=5)
    yield "moons, leaves", rows, dict(min_cluster_size=6, min_samples=3, cluster_selection_method="leaf")
    noisy = np.r_[make_blobs(90, n_features=3, centers=3, cluster_std=0.2, random_state=1)[0], np.random.default_rng(2).uniform(-9, 9, (60, 3))]
    yield "blobs in noise", unit(noisy), dict(min_cluster_size=7, min_samples=7)
    yield "noise only", unit(np.random.default_rng(4).normal(size=(60, 6))), dict(min_cluster_size=12, min_samples=12)


def disagreement(a, b):
    """Items outside of the best matching cluster; -1 must be -1."""
    agree = np.sum((a == -1) & (b == -1))
    for label in set(a) - {-1}:
        inside = b[(a == label) & (b >= 0)]
        agree += np.bincount(inside).max() if len(inside) else 0
    return int(len(a) - agree)


def own_disagreement(rows, options, labels):
    """Distances that are the same can be merged in any order: how much the order of the rows changes the clusters."""
    most = 0
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(len(rows))
        found = np.empty(len(rows), int)
        found[order] = HDBSCAN(copy=True, **options).fit(rows[order].astype(float)).labels_
        most = max(most, disagreement(labels, found))
    return most


hdbscan = []
for name, rows, options in sets():
    model = HDBSCAN(metric="euclidean", copy=True, **options).fit(rows.astype(float))
    hdbscan.append(
        {
            "name": name,
            "items": len(rows),
            "rows": [float(x) for x in rows.ravel()],
            "minSize": options["min_cluster_size"],
            "minSamples": options["min_samples"],
            "selection": options.get("cluster_selection_method", "eom"),
            "labels": model.labels_.tolist(),
            "ownDisagreement": own_disagreement(rows, options, model.labels_),
            "probabilities": [round(float(p), 6) for p in model.probabilities_],
        }
    )


def graphs():
    yield "karate club", nx.karate_club_graph()
    yield "caves", nx.relaxed_caveman_graph(12, 9, 0.15, seed=7)
    yield "planted", nx.planted_partition_graph(6, 25, 0.35, 0.03, seed=11)
    yield "two parts", nx.disjoint_union(nx.cycle_graph(20), nx.random_regular_graph(4, 30, seed=2))


communities = []
for name, graph in graphs():
    graph = nx.Graph(graph.edges())
    graph = nx.convert_node_labels_to_integers(graph)
    best = max(
        nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=seed)) for seed in range(10)
    )
    mean = np.mean(
        [nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=seed)) for seed in range(10)]
    )
    communities.append(
        {"name": name, "nodes": len(graph), "edges": list(graph.edges()), "louvainBest": best, "louvainMean": float(mean)}
    )

versions = {"scikitLearn": sklearn.__version__, "networkx": nx.__version__}
target = Path(__file__).with_name("clusters.json")
target.write_text(json.dumps({**versions, "hdbscan": hdbscan, "communities": communities}))
