"""The step of network.ts in PyTorch: the same network, loss, optimiser and batch. Prints the mean time of 8 steps."""

import sys
import time

import torch
from torch import nn

BATCH = int(sys.argv[1]) if len(sys.argv) > 1 else 128
CHANNELS = [3, 32, 64, 128, 256]
POSITIVES = 3
TEMPERATURE = 0.1


def network() -> nn.Module:
    layers: list[nn.Module] = []
    for before, after in zip(CHANNELS, CHANNELS[1:]):
        for source, stride in ((before, 2), (after, 1)):
            layers += [
                nn.Conv2d(source, after, 3, stride, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            ]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(CHANNELS[-1], 128, bias=False))


def nt_xent(embeddings: torch.Tensor, same: torch.Tensor) -> torch.Tensor:
    unit = nn.functional.normalize(embeddings)
    similarities = unit @ unit.T / TEMPERATURE
    exponentials = similarities.exp()
    others = (exponentials * ~same).sum(1, keepdim=True)
    terms = (exponentials + others).log() - similarities
    positive = same & ~torch.eye(BATCH, dtype=torch.bool)
    return (terms * positive).sum() / (BATCH * POSITIVES)


def main() -> None:
    torch.manual_seed(1)
    model = network()
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    images = torch.randn(BATCH, 3, 64, 64)
    classes = torch.arange(BATCH) // (POSITIVES + 1)
    same = classes[:, None] == classes[None, :]

    def step() -> float:
        optimiser.zero_grad()
        loss = nt_xent(model(images), same)
        loss.backward()
        optimiser.step()
        return loss.item()

    step()
    started = time.perf_counter()
    losses = [step() for _ in range(8)]
    print(f"step ms {(time.perf_counter() - started) / 8 * 1000:.1f}, losses {losses[0]:.3f} ... {losses[-1]:.3f}")


main()
