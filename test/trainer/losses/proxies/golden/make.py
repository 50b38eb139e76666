"""Values of pytorch-metric-learning for given proxies and inputs: python make.py > golden.json

Needs: pip install torch pytorch-metric-learning (made with pytorch-metric-learning 2.9.0).
"""

import json
import sys

import torch
from pytorch_metric_learning import losses

CLASSES, DIMS, LABELS = 5, 6, [0, 0, 1, 1, 1, 3, 3, 4, 0, 4, 3, 1]


def parameter(loss):
    return next(p for p in loss.parameters())


def made(kind, settings):
    size = dict(num_classes=CLASSES, embedding_size=DIMS)
    if kind == "normalised-softmax":
        return losses.NormalizedSoftmaxLoss(temperature=settings["temperature"], **size), 1, True
    if kind == "proxy-nca":
        return losses.ProxyNCALoss(softmax_scale=settings["scale"], **size), 1, False
    if kind == "proxy-anchor":
        return losses.ProxyAnchorLoss(margin=settings["margin"], alpha=settings["scale"], **size), 1, False
    if kind == "arcface":
        return losses.ArcFaceLoss(margin=settings["margin"], scale=settings["scale"], **size), 1, True
    if kind == "sub-centre-arcface":
        centres = settings["centres"]
        loss = losses.SubCenterArcFaceLoss(
            margin=settings["margin"], scale=settings["scale"], sub_centers=centres, **size
        )
        return loss, centres, True
    if kind == "cosface":
        return losses.CosFaceLoss(margin=settings["margin"], scale=settings["scale"], **size), 1, True
    centres = settings["centres"]
    loss = losses.SoftTripleLoss(
        centers_per_class=centres, la=settings["scale"], gamma=settings["gamma"], margin=settings["margin"], **size
    )
    return loss, centres, True


SETTINGS = [
    dict(kind="normalised-softmax", temperature=0.05),
    dict(kind="normalised-softmax", temperature=0.5),
    dict(kind="proxy-nca", scale=1),
    dict(kind="proxy-nca", scale=3),
    dict(kind="proxy-anchor", margin=0.1, scale=32),
    dict(kind="proxy-anchor", margin=0.3, scale=8),
    dict(kind="arcface", margin=28.6, scale=64),
    dict(kind="arcface", margin=60, scale=10),
    dict(kind="sub-centre-arcface", margin=28.6, scale=64, centres=3),
    dict(kind="sub-centre-arcface", margin=50, scale=16, centres=2),
    dict(kind="cosface", margin=0.35, scale=64),
    dict(kind="cosface", margin=0.1, scale=8),
    dict(kind="soft-triple", centres=10, scale=20, gamma=0.1, margin=0.01),
    dict(kind="soft-triple", centres=3, scale=5, gamma=0.5, margin=0.2),
]


def rounded(tensor):
    return [[float(f"{x:.9g}") for x in row] for row in tensor.tolist()]


cases = []
for seed, settings in enumerate(SETTINGS):
    torch.manual_seed(seed)
    loss, centres, is_columns = made(settings["kind"], settings)
    # Numbers that a float32 holds exactly.
    embeddings = torch.randn(len(LABELS), DIMS).float().double().requires_grad_()
    proxies = torch.randn(CLASSES * centres, DIMS).float().double()
    weight = parameter(loss)
    weight.data = proxies.t().clone() if is_columns else proxies.clone()
    value = loss(embeddings, torch.tensor(LABELS))
    value.backward()
    gradient = weight.grad.t() if is_columns else weight.grad
    cases.append(
        dict(
            settings=settings | dict(proxyRate=10),
            embeddings=rounded(embeddings),
            labels=LABELS,
            classes=CLASSES,
            proxies=rounded(proxies),
            loss=value.item(),
            gradient=rounded(embeddings.grad),
            proxyGradient=rounded(gradient),
        )
    )
json.dump(cases, sys.stdout)
print()
