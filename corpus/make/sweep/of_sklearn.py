"""Every estimator that scikit-learn knows, fitted on the first toy data that it accepts."""
import inspect

import numpy as np
from sklearn import linear_model, svm
from sklearn.gaussian_process import kernels
from sklearn.utils import all_estimators

RNG = np.random.RandomState(0)
X = RNG.rand(24, 4)
CLASSES = np.array(["cat", "dog"] * 12)
NUMBERS = X @ [1.0, 2.0, 3.0, 4.0]
LABELS = np.array([[0, 1], [1, 0]] * 12)
TEXT = ["the cat sat", "the dog ran", "a cat ran"] * 8
ROWS = [{"age": 1.0, "city": "a"}, {"age": 2.0, "city": "b"}] * 12
DATA = [(X, CLASSES), (X, NUMBERS), (X, np.c_[NUMBERS, NUMBERS]), (X, LABELS), (X[:, :1], NUMBERS),
        (TEXT, CLASSES), (ROWS, CLASSES), ([("cat", "dog")] * 12, None), (CLASSES, None),
        (X @ X.T, CLASSES)]
SMALL = {"n_estimators": 2, "max_iter": 20, "n_components": 2, "n_clusters": 2, "max_depth": 2,
         "n_quantiles": 4, "n_neighbors": 3, "random_state": 0, "max_trials": 5, "cv": 2,
         "min_samples_leaf": 2}
SEARCHES = {"param_grid": {"C": [0.1, 1]}, "param_distributions": {"C": [0.1, 1]}}


def part_for(name):
    """What a meta-estimator is given for a parameter that has no default."""
    if name in ("estimators", "transformer_list"):
        return [("ridge", linear_model.Ridge())]
    if name == "transformers":
        return [("keep", "passthrough", [0, 1])]
    if name == "steps":
        return [("svc", svm.SVC())]
    if name in SEARCHES:
        return SEARCHES[name]
    return linear_model.LogisticRegression()


def variants(cls):
    """(name, unfitted instance) with small settings, then with each choice of a few parameters."""
    parameters = inspect.signature(cls.__init__).parameters
    needed = {name: part_for(name) for name, p in parameters.items()
              if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD and name != "self"}
    small = {name: value for name, value in SMALL.items() if name in parameters}
    yield "", lambda: cls(**{**needed, **small})
    yield "default", lambda: cls(**needed)
    for name, rows in getattr(cls, "_parameter_constraints", {}).items():
        for choice in sorted(set().union(*(getattr(row, "options", ()) for row in rows)), key=str):
            if isinstance(choice, str):
                yield "%s_%s" % (name, choice), (lambda n=name, c=choice: cls(
                    **{**needed, **small, n: c}))


def fitted(make):
    for data, target in DATA:
        try:
            return make().fit(data, target)
        except Exception:  # this one wants other data
            continue
    return None


def models(discover=all_estimators):
    for name, cls in discover():
        for variant, make in variants(cls):
            try:
                model = fitted(make)
            except Exception:
                continue
            if model is not None:
                yield "%s.%s" % (name, variant) if variant else name, model


def values():
    yield from models()
    for name, cls in inspect.getmembers(kernels, inspect.isclass):
        if issubclass(cls, kernels.Kernel) and not inspect.isabstract(cls):
            try:
                yield "kernel_" + name, cls()
            except TypeError:
                yield "kernel_" + name, kernels.RBF() * 2 + kernels.WhiteKernel()
