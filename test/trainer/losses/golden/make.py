"""Values and gradients of pytorch-metric-learning for given embeddings: python make.py > golden.json

Needs: pip install torch pytorch-metric-learning (made with pytorch-metric-learning 2.9.0).
"""

import json
import sys

import torch
from pytorch_metric_learning import distances, losses, miners, reducers

LABELS = [0, 0, 1, 1, 1, 3, 3, 4, 0, 4, 3, 1]
DIMS = 6

DISTANCES = {
    "euclidean": distances.LpDistance,
    "squared-euclidean": lambda: distances.LpDistance(power=2),
    "cosine": distances.CosineSimilarity,
    "dot": lambda: distances.DotProductSimilarity(normalize_embeddings=False),
    "snr": distances.SNRDistance,
}
REDUCERS = {
    "mean": reducers.MeanReducer,
    "average-non-zero": reducers.AvgNonZeroReducer,
    "sum": reducers.SumReducer,
}


def miner_of(choice):
    if choice is None or choice == "none":
        return None
    kind, numbers = (choice, {}) if isinstance(choice, str) else (choice["kind"], choice)
    if kind == "batch-hard":
        return miners.BatchHardMiner()
    if kind == "multi-similarity":
        return miners.MultiSimilarityMiner(epsilon=numbers.get("epsilon", 0.1))
    if kind == "pair-margin":
        return miners.PairMarginMiner(
            pos_margin=numbers.get("positiveMargin", 0.2), neg_margin=numbers.get("negativeMargin", 0.8)
        )
    band = {"semi-hard": "semihard"}.get(kind, kind)
    return miners.TripletMarginMiner(margin=numbers.get("margin", 0.2), type_of_triplets=band)


def loss_of(settings):
    kind, more = settings["kind"], {}
    if "distance" in settings:
        more["distance"] = DISTANCES[settings["distance"]]()
    if "reducer" in settings:
        more["reducer"] = REDUCERS[settings["reducer"]]()
    s = settings
    margins = dict(pos_margin=s.get("positiveMargin"), neg_margin=s.get("negativeMargin"))
    return {
        "contrastive": lambda: losses.ContrastiveLoss(**margins, **more),
        "triplet": lambda: losses.TripletMarginLoss(
            margin=s["margin"], smooth_loss=s.get("soft", False), swap=s.get("swap", False), **more
        ),
        "nt-xent": lambda: losses.NTXentLoss(temperature=s["temperature"], **more),
        "sup-con": lambda: losses.SupConLoss(temperature=s["temperature"], **more),
        "multi-similarity": lambda: losses.MultiSimilarityLoss(s["alpha"], s["beta"], s["base"], **more),
        "circle": lambda: losses.CircleLoss(m=s["margin"], gamma=s["scale"], **more),
        "margin": lambda: losses.MarginLoss(
            margin=s["margin"],
            beta=s["beta"],
            nu=s["nu"],
            learn_beta=s["boundary"] != "fixed",
            num_classes=10 if s["boundary"] == "by-class" else None,
            **more,
        ),
        "n-pair": lambda: losses.NPairsLoss(**more),
        "lifted-structure": lambda: losses.LiftedStructureLoss(**margins, **more),
        "generalised-lifted-structure": lambda: losses.GeneralizedLiftedStructureLoss(**margins, **more),
        "tuplet-margin": lambda: losses.TupletMarginLoss(margin=s["margin"], scale=s["scale"], **more),
        "fast-ap": lambda: losses.FastAPLoss(num_bins=s["bins"], **more),
        "nca": lambda: losses.NCALoss(softmax_scale=s["scale"], **more),
        "vicreg": lambda: losses.VICRegLoss(s["invariance"], s["variance"], s["covariance"]),
    }[kind]()


MARGINS = dict(positiveMargin=0, negativeMargin=1)
TRIPLET = dict(kind="triplet", margin=0.05)
MARGIN = dict(kind="margin", margin=0.2, beta=1.2, boundary="fixed", nu=0)
ALONE = [
    dict(kind="contrastive", **MARGINS),
    dict(kind="contrastive", positiveMargin=0.4, negativeMargin=1.3),
    dict(kind="contrastive", **MARGINS, distance="snr"),
    dict(kind="contrastive", **MARGINS, distance="squared-euclidean", reducer="mean"),
    dict(TRIPLET, miner="none"),
    dict(TRIPLET, miner="none", soft=True),
    dict(TRIPLET, margin=0.5, miner="none", swap=True),
    dict(TRIPLET, margin=0.3, miner="none", distance="cosine"),
    dict(TRIPLET, margin=0.3, miner="none", reducer="sum"),
    dict(kind="nt-xent", temperature=0.07),
    dict(kind="nt-xent", temperature=0.5, distance="euclidean"),
    dict(kind="nt-xent", temperature=2, distance="dot"),
    dict(kind="sup-con", temperature=0.1),
    dict(kind="sup-con", temperature=0.5, distance="squared-euclidean"),
    dict(kind="multi-similarity", alpha=2, beta=50, base=0.5),
    dict(kind="circle", margin=0.4, scale=80),
    dict(kind="circle", margin=0.2, scale=4),
    MARGIN,
    dict(MARGIN, boundary="learned", nu=0.1),
    dict(MARGIN, boundary="by-class", nu=0.1),
    dict(kind="n-pair"),
    dict(kind="n-pair", distance="dot"),
    dict(kind="lifted-structure", **MARGINS),
    dict(kind="lifted-structure", positiveMargin=0.3, negativeMargin=1.5),
    dict(kind="generalised-lifted-structure", **MARGINS),
    dict(kind="tuplet-margin", margin=5.73, scale=64),
    dict(kind="fast-ap", bins=10),
    dict(kind="nca", scale=1),
    dict(kind="vicreg", invariance=25, variance=25, covariance=1),
]
# Wider than usual, so that random embeddings have such pairs.
PAIRS = dict(kind="pair-margin", positiveMargin=0.2, negativeMargin=1.3)
MINED = [
    dict(loss, miner=miner)
    for loss in [
        dict(kind="contrastive", positiveMargin=0.2, negativeMargin=1.3),
        dict(TRIPLET, margin=0.2),
        MARGIN,
        dict(kind="nt-xent", temperature=0.2),
        dict(kind="sup-con", temperature=0.1),
        dict(kind="multi-similarity", alpha=2, beta=50, base=0.5),
        dict(kind="lifted-structure", **MARGINS),
        dict(kind="tuplet-margin", margin=5.73, scale=64),
    ]
    for miner in ["all", "semi-hard", "hard", "easy", "batch-hard", "multi-similarity", PAIRS]
]


def rounded(tensor):
    return [[float(f"{x:.9g}") for x in row] for row in tensor.tolist()]


cases = []
for seed, settings in enumerate(ALONE + MINED):
    torch.manual_seed(seed)
    # Numbers that a float32 holds exactly; classes overlap, so that every miner finds something.
    centres = torch.randn(5, DIMS)
    labels = torch.tensor(sorted(LABELS) if settings["kind"] == "vicreg" else LABELS)
    embeddings = (centres[labels] + torch.randn(len(LABELS), DIMS)).float().double().requires_grad_()
    loss = loss_of(settings)
    for parameter in loss.parameters():
        parameter.data = parameter.data.double()
    if settings["kind"] == "vicreg":
        # Rows 0 and 1, 2 and 3 and so on are the two views of an item.
        labels = torch.arange(len(LABELS)) // 2
        value = loss(embeddings[0::2], ref_emb=embeddings[1::2])
    else:
        miner = miner_of(settings.get("miner"))
        chosen = None if miner is None else miner(embeddings.detach(), labels)
        value = loss(embeddings, labels, chosen)
    value.backward()
    cases.append(
        dict(
            settings=settings,
            embeddings=rounded(embeddings),
            labels=labels.tolist(),
            loss=value.item(),
            gradient=rounded(embeddings.grad),
        )
    )
json.dump(cases, sys.stdout)
print()
