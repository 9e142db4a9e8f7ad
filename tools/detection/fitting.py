"""The two fits: a linear machine over hashed features, and the small network over signals. Same input, same weights."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rules.detectors.features import BUCKETS, Features, Floats
from rules.detectors.signals import RARITY

Doubles = NDArray[np.float64]

RIDGE = 1e-3
CLEAR = 0.3
"""A text this far beyond the margin is not looked at again before the last round: most soon are."""


def rarity_of(texts: Sequence[NDArray[np.uint32]]) -> NDArray[np.uint8]:
    """How rare each bucket is: the root of 1 + the logarithm of how many texts there are to one that has it.

    The root, because the whole of it made a training good in its own groups and worse in others.
    """
    counts = np.zeros(BUCKETS, np.int64)
    for indices in texts:
        counts[indices] += 1
    rare = np.sqrt(1 + np.log((1 + len(texts)) / (1 + counts)))
    rounded: NDArray[np.uint8] = np.clip(np.rint(rare * RARITY), 0, 255).astype(np.uint8)
    return rounded


def fit_linear(
    texts: Sequence[Features],
    ads: NDArray[np.bool_],
    shares: Doubles,
    cost: float = 0.5,
    rounds: int = 12,
    seed: int = 1,
) -> tuple[Floats, float]:
    """Weights and bias of a linear support vector machine with squared hinge loss, by dual coordinate descent.

    ``shares`` says how much each text counts. The bias is a feature of value 1 like any other.
    """
    signs = np.where(ads, 1.0, -1.0).tolist()
    slack = (0.5 / (cost * shares)).tolist()
    norms = [float(text.values.dot(text.values)) + 1.0 for text in texts]
    weights = np.zeros(BUCKETS, np.float32)
    bias = 0.0
    alphas = [0.0] * len(texts)
    chance = np.random.default_rng(seed)
    active = np.arange(len(texts))
    for turn in range(rounds):
        if turn == rounds - 1:
            active = np.arange(len(texts))
        clear: set[int] = set()
        for place in chance.permutation(active).tolist():
            indices, values = texts[place].indices, texts[place].values
            sign, alpha = signs[place], alphas[place]
            gradient = sign * (float(values.dot(weights[indices])) + bias) - 1 + slack[place] * alpha
            if alpha == 0 and gradient >= 0:
                if gradient > CLEAR:
                    clear.add(place)
                continue
            fresh = max(0.0, alpha - gradient / (norms[place] + slack[place]))
            step = (fresh - alpha) * sign
            if step:
                weights[indices] += np.float32(step) * values
                bias += step
                alphas[place] = fresh
        active = np.array([place for place in active.tolist() if place not in clear], np.intp)
    return weights, bias


def quantised(weights: Floats) -> tuple[NDArray[np.int8], float]:
    """The weights in steps of an eight-bit number, and the step; the few largest are cut."""
    used = np.abs(weights[weights != 0])
    step = float(np.quantile(used, 0.9999)) / 127 if len(used) else 1.0
    return np.clip(np.rint(weights / step), -127, 127).astype(np.int8), step


def fit_network(
    signals: Floats, ads: NDArray[np.bool_], shares: Doubles, hidden: int = 24, rounds: int = 30, seed: int = 1
) -> dict[str, Floats]:
    """A network of one hidden layer that answers in log-odds, by Adam on the log loss in batches of 512."""
    means, deviations = signals.mean(0), signals.std(0)
    scales = 1 / np.maximum(deviations, 1e-3)
    inputs = np.clip((signals - means) * scales, -6, 6).astype(np.float64)
    chance = np.random.default_rng(seed)
    size = inputs.shape[1]
    parameters = [
        chance.normal(0, size**-0.5, (size, hidden)),
        np.zeros(hidden),
        chance.normal(0, hidden**-0.5, hidden),
        np.zeros(1),
    ]
    firsts = [np.zeros_like(one) for one in parameters]
    seconds = [np.zeros_like(one) for one in parameters]
    averaged = [np.zeros_like(one) for one in parameters]
    wanted = ads.astype(np.float64)
    weighty = shares / shares.mean()
    step, summed, batch = 0, 0, 512
    rounds = max(rounds, 600 * batch // (len(inputs) + batch))  # a small corpus needs its steps too
    for turn in range(rounds):
        order = chance.permutation(len(inputs))
        rate = 0.003 * (1 - turn / rounds) + 1e-4
        for begin in range(0, len(order), batch):
            chosen = order[begin : begin + batch]
            step += 1
            gradients = _gradients(parameters, inputs[chosen], wanted[chosen], weighty[chosen])
            for place, gradient in enumerate(gradients):
                firsts[place] += 0.1 * (gradient - firsts[place])
                seconds[place] += 0.001 * (gradient * gradient - seconds[place])
                pace = rate / (np.sqrt(seconds[place] / (1 - 0.999**step)) + 1e-8)
                parameters[place] -= pace * firsts[place] / (1 - 0.9**step)
        if turn >= rounds * 2 // 3:
            summed += 1
            averaged = [mean + (one - mean) / summed for mean, one in zip(averaged, parameters, strict=True)]
    inner, inner_bias, outer, outer_bias = (one.astype(np.float32) for one in averaged)
    return {
        "means": means.astype(np.float32),
        "scales": scales.astype(np.float32),
        "inner": inner,
        "inner_bias": inner_bias,
        "outer": outer,
        "outer_bias": outer_bias,
    }


def _gradients(parameters: Sequence[Doubles], inputs: Doubles, wanted: Doubles, shares: Doubles) -> list[Doubles]:
    inner, inner_bias, outer, outer_bias = parameters
    hidden = np.tanh(inputs @ inner + inner_bias)
    answers = 1 / (1 + np.exp(-np.clip(hidden @ outer + outer_bias, -30, 30)))
    errors = (answers - wanted) * shares / len(inputs)
    back = errors[:, None] * outer * (1 - hidden * hidden)
    decay = 1e-4
    return [
        inputs.T @ back + decay * inner,
        back.sum(0),
        hidden.T @ errors + decay * outer,
        np.array([errors.sum()]),
    ]


def fit_line(answers: Doubles, ads: NDArray[np.bool_], shares: Doubles) -> tuple[float, float]:
    """The slope and shift that make log-odds of the answers, by Newton's method in steps that never do harm.

    The slope stays above 0, so that the order of the answers does.
    """
    line = np.array([1.0, 0.0])
    loss = _loss(line, answers, ads, shares)
    for _ in range(100):
        said = 1 / (1 + np.exp(-np.clip(line[0] * answers + line[1], -30, 30)))
        errors, bend = (said - ads) * shares, said * (1 - said) * shares
        gradient = np.array([(errors * answers).sum(), errors.sum()]) + 2 * RIDGE * (line - (1, 0))
        cross = (bend * answers).sum()
        hessian = np.array([[(bend * answers * answers).sum(), cross], [cross, bend.sum()]]) + 2 * RIDGE * np.eye(2)
        change = np.linalg.solve(hessian, gradient)
        for halved in range(30):
            fresh = line - change / 2**halved
            if fresh[0] > 0.01 and (fresh_loss := _loss(fresh, answers, ads, shares)) < loss:
                break
        else:
            break
        line, loss = fresh, fresh_loss
    return float(line[0]), float(line[1])


def _loss(line: Doubles, answers: Doubles, ads: NDArray[np.bool_], shares: Doubles) -> float:
    logits = line[0] * answers + line[1]
    losses = np.logaddexp(0, np.where(ads, -logits, logits)) * shares
    return float(losses.sum() + RIDGE * (((line - (1, 0)) ** 2).sum()))
