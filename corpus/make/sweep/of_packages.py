"""Packages on top: boosters, graphs, regressions, resampling, text and image models. Those not installed are left out."""
import inspect
import sys

import numpy as np

RNG = np.random.RandomState(0)
X = RNG.rand(24, 3)
Y = np.array([0, 1] * 12)
SENTENCES = [["the", "cat", "sat"], ["a", "dog", "ran"]] * 4


def of_xgboost():
    import xgboost
    for name in ("XGBClassifier", "XGBRegressor", "XGBRFClassifier", "XGBRFRegressor"):
        for booster in ("gbtree", "gblinear", "dart"):
            try:
                yield "%s_%s" % (name, booster), getattr(xgboost, name)(
                    n_estimators=2, max_depth=2, booster=booster).fit(X, Y)
            except Exception:
                continue
        yield name, getattr(xgboost, name)()
    yield "ranker", xgboost.XGBRanker(n_estimators=2).fit(X, Y, group=[12, 12])
    yield "booster", xgboost.train({"max_depth": 2}, xgboost.DMatrix(X, Y), 2)


def of_imblearn():
    from imblearn.utils.testing import all_estimators
    from . import of_sklearn
    yield from of_sklearn.models(all_estimators)


def of_statsmodels():
    import pandas as pd
    import statsmodels.api as sm
    from statsmodels.tsa import api as tsa
    y = X @ [1.0, 2.0, 3.0]
    for name, model in [("ols", sm.OLS(y, X)), ("glm", sm.GLM(Y, X, sm.families.Binomial())),
                        ("logit", sm.Logit(Y, X)), ("rlm", sm.RLM(y, X)), ("wls", sm.WLS(y, X)),
                        ("gls", sm.GLS(y, X)), ("poisson", sm.Poisson(Y, X)), ("probit", sm.Probit(Y, X))]:
        yield name, model.fit()
    yield "formula", sm.OLS.from_formula("y ~ a + b", pd.DataFrame({"y": y, "a": X[:, 0], "b": X[:, 1]})).fit()
    yield "arima", tsa.ARIMA(y, order=(1, 0, 0)).fit()
    yield "sarimax", tsa.SARIMAX(y, order=(1, 0, 0)).fit(disp=0)
    yield "smoothing", tsa.ExponentialSmoothing(y).fit()
    yield "holt", tsa.Holt(y).fit()


def of_networkx():
    import networkx as nx
    for kind in (nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph):
        yield kind.__name__, kind([(1, 2), ("a", "b")])
    yield "weighted", nx.Graph([(1, 2, {"weight": 0.5})])


def of_nltk():
    import nltk
    yield "bayes", nltk.NaiveBayesClassifier.train([({"a": 1}, "x"), ({"a": 2}, "y")])
    yield "frequencies", [nltk.FreqDist("abca"), nltk.ConditionalFreqDist([("a", "b")])]
    yield "stemmers", [nltk.PorterStemmer(), nltk.SnowballStemmer("english"), nltk.LancasterStemmer(),
                       nltk.RegexpTokenizer("a+"), nltk.WordPunctTokenizer(), nltk.TweetTokenizer(),
                       nltk.TreebankWordTokenizer()]
    tagged = [[("the", "DT"), ("cat", "NN")]]
    yield "taggers", [nltk.UnigramTagger(tagged), nltk.BigramTagger(tagged), nltk.DefaultTagger("NN"),
                      nltk.RegexpTagger([("a", "NN")])]
    yield "tree", nltk.Tree.fromstring("(S (NP a) (VP b))")
    yield "grammar", nltk.CFG.fromstring("S -> 'a'")
    yield "kmeans", nltk.cluster.KMeansClusterer(2, nltk.cluster.cosine_distance)


def of_gensim():
    from gensim import corpora, models
    words = corpora.Dictionary(SENTENCES)
    bags = [words.doc2bow(s) for s in SENTENCES]
    yield "dictionary", words
    yield "tfidf", models.TfidfModel(bags)
    yield "lda", models.LdaModel(bags, 2, words)
    yield "lsi", models.LsiModel(bags, 2, words)
    for name, kind in [("word2vec", models.Word2Vec), ("fasttext", models.FastText)]:
        yield name, kind(SENTENCES, vector_size=2, min_count=1, **({"bucket": 10} if name == "fasttext" else {}))
    tagged = [models.doc2vec.TaggedDocument(s, [i]) for i, s in enumerate(SENTENCES)]
    yield "doc2vec", models.Doc2Vec(tagged, vector_size=2, min_count=1)
    yield "phrases", models.Phrases(SENTENCES)
    yield "vectors", models.Word2Vec(SENTENCES, vector_size=2, min_count=1).wv
    yield "hdp", models.HdpModel(bags, words)


def of_skimage():
    from skimage import transform
    for name in ("AffineTransform", "EuclideanTransform", "SimilarityTransform", "ProjectiveTransform",
                 "PiecewiseAffineTransform", "PolynomialTransform"):
        yield name, getattr(transform, name)()


def of_pil():
    from PIL import Image
    yield "image", [Image.new("RGB", (2, 2)), Image.new("P", (2, 2)), Image.Resampling.BILINEAR]


def of_torchvision():
    import torch
    import torchvision
    from torchvision import transforms
    inner = transforms.ToTensor()
    for name, cls in inspect.getmembers(transforms, inspect.isclass):
        for arguments in [(), (2,), ((2, 2),), (0.5, 0.5), ([inner],), ([0.5], [0.5]), (str.lower,), (torch.eye(2), torch.ones(2))]:
            try:
                yield "transform_" + name, cls(*arguments)
                break
            except Exception:
                continue
    for package in (torchvision.models, torchvision.models.detection, torchvision.models.segmentation,
                    torchvision.models.video, torchvision.models.quantization):
        for name, make in inspect.getmembers(package, inspect.isfunction):
            if name.startswith("get_"):
                continue
            try:
                yield "model_%s_%s" % (package.__name__.split(".")[-1], name), shrunk(make(weights=None))
            except Exception:
                continue


def shrunk(model):
    """The same module with next to no weights: what is named stays, megabytes go."""
    import torch
    with torch.no_grad():
        for part in list(model.parameters()) + list(model.buffers()):
            part.data = torch.zeros(1)
    return model


def of_torchaudio():
    from torchaudio import transforms
    for name, cls in inspect.getmembers(transforms, inspect.isclass):
        for arguments in [(), (2,), (400,)]:
            try:
                yield "transform_" + name, cls(*arguments)
                break
            except Exception:
                continue


def values():
    for name, function in list(vars(sys.modules[__name__]).items()):
        if name.startswith("of_"):
            try:
                for kind, value in function():
                    yield "%s_%s" % (name[3:], kind.replace("/", "_")), value
            except Exception as error:  # not installed, or its interface has changed
                print("left out: %s: %s" % (name[3:], error), file=sys.stderr)
