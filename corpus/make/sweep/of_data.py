"""numpy, scipy and pandas: arrays, generators, sparse matrices, distributions, frames of every dtype."""
import inspect
import itertools

import numpy as np
import pandas as pd
from scipy import integrate, interpolate, optimize, signal, sparse, spatial, stats

X = np.linspace(0.0, 1.0, 8)
Y = X * X
NO_SCALARS = {np.void, np.object_, np.datetime64, np.timedelta64}


def of_numpy():
    for kind in "PCG64 PCG64DXSM MT19937 Philox SFC64".split():
        yield kind, np.random.Generator(getattr(np.random, kind)(0))
        yield "bits_" + kind, getattr(np.random, kind)(0)
    yield "random_state", np.random.RandomState(0)
    yield "seed_sequence", np.random.SeedSequence(1)
    yield "dtypes", [np.dtype(kind) for kind in sorted(set(np.sctypeDict.values()), key=str)]
    yield "types", sorted(set(np.sctypeDict.values()), key=str)
    yield "record_dtype", np.dtype({"names": ["a", "b"], "formats": ["<i4", ("<f8", (2,))],
                                    "offsets": [0, 8], "itemsize": 32})
    yield "scalars", [kind(1) for kind in sorted(set(np.sctypeDict.values()) - NO_SCALARS, key=str)]
    yield "recarray", np.rec.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
    yield "record", np.rec.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])[0]
    yield "masked", [np.ma.masked, np.ma.masked_array([1, 2], [True, False]), np.ma.mvoid((1, 2))]
    yield "chararray", np.char.array(["a", "b"])
    yield "datetimes", [np.datetime64("2024-01-01"), np.timedelta64(3, "D"), np.datetime64("NaT")]
    yield "ufuncs", [f for f in vars(np).values() if isinstance(f, np.ufunc)]
    yield "functions", [np.mean, np.linalg.norm, np.log1p, np.median, np.concatenate, np.fft.fft]
    yield "poly1d", np.poly1d([1, 2])
    for name in "Polynomial Chebyshev Hermite HermiteE Laguerre Legendre".split():
        yield name, getattr(np.polynomial, name)([1, 2, 3])
    yield "ndindex", np.ndindex(2, 2)
    yield "vectorize", np.vectorize(max)
    yield "iinfo", [np.finfo(np.float32), np.iinfo(np.int8)]
    yield "no_value", [np._NoValue, np.newaxis, np.nan, np.str_("x"), np.bytes_(b"x")]


def distributions():
    for name, kind in inspect.getmembers(stats):
        if not isinstance(kind, (stats.rv_continuous, stats.rv_discrete)):
            continue
        yield "dist_" + name, kind
        for count in range(6):
            try:
                yield "frozen_" + name, kind(*[0.5 + i for i in range(count)])
                break
            except Exception:
                continue
    for name in ("multivariate_normal", "dirichlet", "wishart", "multinomial", "multivariate_t"):
        for arguments in ([[0.5, 0.5]], [3, np.eye(2)], [3, [0.5, 0.5]]):
            try:
                yield "frozen_" + name, getattr(stats, name)(*arguments)
                break
            except Exception:
                continue
    yield "kde", stats.gaussian_kde(X)
    yield "histogram", stats.rv_histogram(np.histogram(X))
    yield "custom", stats.rv_discrete(values=([1, 2], [0.5, 0.5]))
    for name, function, arguments in [("ttest", stats.ttest_ind, (X, Y)), ("ks", stats.kstest, (X, "norm")),
                                      ("linregress", stats.linregress, (X, Y)),
                                      ("pearsonr", stats.pearsonr, (X, Y)),
                                      ("spearmanr", stats.spearmanr, (X, Y)),
                                      ("describe", stats.describe, (X,)), ("mode", stats.mode, (X,)),
                                      ("f_oneway", stats.f_oneway, (X, Y)),
                                      ("chi2", stats.chi2_contingency, ([[1, 2], [3, 4]],))]:
        yield "result_" + name, function(*arguments)


def interpolators():
    yield "interp1d", interpolate.interp1d(X, Y)
    yield "cubic_interp1d", interpolate.interp1d(X, Y, kind="cubic")
    for name in ("CubicSpline", "PchipInterpolator", "Akima1DInterpolator",
                 "BarycentricInterpolator", "KroghInterpolator", "UnivariateSpline",
                 "InterpolatedUnivariateSpline"):
        yield name, getattr(interpolate, name)(X, Y)
    yield "LSQ", interpolate.LSQUnivariateSpline(X, Y, [0.5])
    yield "make_interp_spline", interpolate.make_interp_spline(X, Y)
    yield "BSpline", interpolate.BSpline([0, 1, 2, 3], [1.0, 2.0], 1)
    yield "PPoly", interpolate.PPoly(np.ones((2, 2)), [0, 1, 2])
    yield "regular", interpolate.RegularGridInterpolator((X, X), np.outer(X, X))
    yield "rect", interpolate.RectBivariateSpline(X, X, np.outer(X, X))
    points = np.random.RandomState(0).rand(8, 2)
    yield "nearest", interpolate.NearestNDInterpolator(points, Y)
    yield "linear_nd", interpolate.LinearNDInterpolator(points, Y)
    yield "clough", interpolate.CloughTocher2DInterpolator(points, Y)
    yield "rbf", interpolate.RBFInterpolator(points, Y)
    yield "old_rbf", interpolate.Rbf(X, Y)
    yield "tck", interpolate.splrep(X, Y)


def of_scipy():
    for kind in "bsr coo csc csr dia dok lil".split():
        for form in ("_matrix", "_array"):
            yield kind + form, getattr(sparse, kind + form)(np.eye(3))
    points = np.random.RandomState(0).rand(8, 2)
    yield "kd_tree", spatial.cKDTree(points)
    yield "py_kd_tree", spatial.KDTree(points)
    yield "delaunay", spatial.Delaunay(points)
    yield "hull", spatial.ConvexHull(points)
    yield "voronoi", spatial.SphericalVoronoi(np.array([[0, 0, 1.0], [0, 1, 0], [1, 0, 0], [0, 0, -1]]))
    yield "rotation", spatial.transform.Rotation.from_rotvec([0, 0, 1])
    yield "rotations", spatial.transform.Slerp([0, 1], spatial.transform.Rotation.random(2))
    yield "minimum", optimize.minimize(lambda x: (x**2).sum(), [1.0, 2.0])
    yield "minimum_bounded", optimize.minimize(lambda x: (x**2).sum(), [1.0], method="Nelder-Mead")
    yield "root", optimize.root(np.cos, 0.5)
    yield "root_scalar", optimize.root_scalar(np.cos, bracket=[0, 3])
    yield "linprog", optimize.linprog([1.0])
    yield "bounds", [optimize.Bounds([0], [1]), optimize.LinearConstraint(np.eye(1), 0, 1)]
    yield "ivp", integrate.solve_ivp(lambda t, y: -y, (0, 1), [1.0])
    yield "ivp_dense", integrate.solve_ivp(np.multiply, (0, 1), [1.0], dense_output=True)
    yield "lti", [signal.lti([1.0], [1.0, 2.0]), signal.dlti([1.0], [1.0, 2.0]),
                  signal.StateSpace(*[np.eye(1)] * 4), signal.ZerosPolesGain([], [0.5], 1)]
    yield "butter", signal.butter(2, 0.5, output="sos")
    yield from distributions()
    yield from interpolators()


SERIES = {
    "int": [1, 2], "Int64": pd.array([1, None], dtype="Int64"), "float": [1.5, None],
    "Float32": pd.array([1.5, None], dtype="Float32"), "bool": [True, False],
    "boolean": pd.array([True, None], dtype="boolean"), "object": ["a", None],
    "string": pd.array(["a", None], dtype="string"), "category": pd.Categorical(["a", "b", "a"]),
    "ordered": pd.Categorical(["lo", "hi"], ["lo", "hi"], ordered=True),
    "datetime": pd.date_range("2024-01-01", periods=3),
    "zoned": pd.date_range("2024-01-01", periods=3, tz="UTC"),
    "berlin": pd.date_range("2024-01-01", periods=3, tz="Europe/Berlin"),
    "offset": pd.date_range("2024-01-01", periods=3, tz="+02:00"),
    "timedelta": pd.timedelta_range("1 day", periods=3),
    "period": pd.period_range("2024-01", periods=3, freq="M"),
    "interval": pd.interval_range(0, 3), "range": pd.RangeIndex(3),
    "sparse": pd.arrays.SparseArray([0, 0, 1]), "complex": [1j, 2], "uint8": np.array([1], "u1"),
}


def of_pandas():
    for name, column in SERIES.items():
        yield "series_" + name, pd.Series(column, name=name)
        yield "frame_" + name, pd.DataFrame({"x": column, "y": 1})
        try:
            yield "index_" + name, pd.Index(column, name=name)
        except Exception:
            continue
    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "x"], "c": pd.Categorical(list("xyx"))})
    yield "multi_index", frame.set_index(["a", "b"])
    yield "multi_columns", frame.pivot_table(index="b", columns="c", values="a", aggfunc=["mean", "sum"])
    yield "flagged", frame.set_flags(allows_duplicate_labels=False)
    yield "attributes", frame.assign(d=1.0)
    yield "dtypes", [frame.dtypes, *(pd.Series(column).dtype for column in SERIES.values())]
    yield "scalars", [pd.Timestamp(0), pd.Timestamp("2024-01-01", tz="Europe/Berlin"), pd.NaT, pd.NA,
                      pd.Timedelta("1 day"), pd.Period("2024-01"), pd.Interval(0, 1)]
    offsets = [getattr(pd.offsets, name) for name in dir(pd.offsets) if name[0].isupper()]
    for kind in offsets:
        try:
            yield "offset_" + kind.__name__, kind()
        except Exception:
            continue
    yield "date_offset", pd.DateOffset(months=1)
    yield "rolling", frame[["a"]].rolling(2)
    yield "grouped", frame.groupby("b")
    yield "grouper", [pd.Grouper(freq="D"), pd.NamedAgg("a", "sum"), pd.IndexSlice]
    yield "types", [pd.DataFrame, pd.Series, pd.to_datetime, pd.cut, pd.api.types.is_numeric_dtype]


def values():
    return itertools.chain(of_numpy(), of_scipy(), of_pandas())
