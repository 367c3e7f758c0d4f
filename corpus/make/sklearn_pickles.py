"""Fitted scikit-learn estimators and pipelines, by pickle and by joblib."""
import io
import pickle
import warnings

import joblib
import numpy as np
import pandas as pd
import sklearn
from sklearn import (
    calibration, cluster, compose, decomposition, discriminant_analysis, ensemble,
    feature_extraction, feature_selection,
    gaussian_process, impute, isotonic, kernel_ridge, linear_model, manifold, metrics, mixture,
    model_selection,
    multiclass, multioutput, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm,
    tree)

import samples

RNG = np.random.RandomState(0)
X = RNG.rand(12, 3)
Y = np.array(["cat", "dog"] * 6)
N = X @ [1.0, 2.0, 3.0]
TEXT = ["the cat sat", "the dog ran", "a cat ran"] * 4
FRAME = pd.DataFrame({"age": X[:, 0], "income": X[:, 1], "city": ["a", "b", "c"] * 4})

CLASSIFIERS = {
    "logistic_regression": linear_model.LogisticRegression(),
    "sgd": linear_model.SGDClassifier(random_state=0),
    "perceptron": linear_model.Perceptron(),
    "ridge_classifier": linear_model.RidgeClassifier(),
    "decision_tree": tree.DecisionTreeClassifier(max_depth=2, random_state=0),
    "extra_tree": tree.ExtraTreeClassifier(max_depth=2, random_state=0),
    "random_forest": ensemble.RandomForestClassifier(2, max_depth=2, random_state=0),
    "gradient_boosting": ensemble.GradientBoostingClassifier(n_estimators=2, max_depth=2,
                                                             random_state=0),
    "hist_gradient_boosting": ensemble.HistGradientBoostingClassifier(max_iter=2,
                                                                      min_samples_leaf=2,
                                                                      random_state=0),
    "ada_boost": ensemble.AdaBoostClassifier(n_estimators=2, random_state=0),
    "bagging": ensemble.BaggingClassifier(n_estimators=2, random_state=0),
    "voting": ensemble.VotingClassifier(
        [("lr", linear_model.LogisticRegression()), ("nb", naive_bayes.GaussianNB())]),
    "stacking": ensemble.StackingClassifier([("nb", naive_bayes.GaussianNB())],
                                            linear_model.LogisticRegression(), cv=2),
    "svc": svm.SVC(probability=True, random_state=0),
    "linear_svc": svm.LinearSVC(random_state=0),
    "one_class_svm": svm.OneClassSVM(),
    "gaussian_nb": naive_bayes.GaussianNB(),
    "bernoulli_nb": naive_bayes.BernoulliNB(),
    "knn_kd_tree": neighbors.KNeighborsClassifier(2, algorithm="kd_tree"),
    "knn_ball_tree": neighbors.KNeighborsClassifier(2, algorithm="ball_tree", metric="manhattan"),
    "mlp": neural_network.MLPClassifier((3,), max_iter=3, random_state=0),
    "lda": discriminant_analysis.LinearDiscriminantAnalysis(),
    "gaussian_process": gaussian_process.GaussianProcessClassifier(
        gaussian_process.kernels.RBF() + gaussian_process.kernels.WhiteKernel(), optimizer=None),
    "calibrated": calibration.CalibratedClassifierCV(naive_bayes.GaussianNB(), cv=2),
    "one_vs_rest": multiclass.OneVsRestClassifier(linear_model.LogisticRegression()),
    "grid_search": model_selection.GridSearchCV(linear_model.LogisticRegression(), {"C": [0.1, 1]},
                                                cv=2),
    "isolation_forest": ensemble.IsolationForest(n_estimators=2, max_samples=4, random_state=0),
}
REGRESSORS = {
    "linear_regression": linear_model.LinearRegression(),
    "elastic_net": linear_model.ElasticNet(),
    "bayesian_ridge": linear_model.BayesianRidge(),
    "svr": svm.SVR(),
    "forest_regressor": ensemble.RandomForestRegressor(2, max_depth=2, random_state=0),
    "kernel_ridge": kernel_ridge.KernelRidge(),
    "isotonic": isotonic.IsotonicRegression(),
    "multi_output": multioutput.MultiOutputRegressor(linear_model.Ridge()),
}
TRANSFORMERS = {
    "standard_scaler": preprocessing.StandardScaler(),
    "min_max_scaler": preprocessing.MinMaxScaler(),
    "power_transformer": preprocessing.PowerTransformer(),
    "quantile": preprocessing.QuantileTransformer(n_quantiles=4, random_state=0),
    "polynomial": preprocessing.PolynomialFeatures(2),
    "binner": preprocessing.KBinsDiscretizer(2),
    "function_transformer": preprocessing.FunctionTransformer(np.log1p),
    "imputer": impute.SimpleImputer(),
    "knn_imputer": impute.KNNImputer(),
    "pca": decomposition.PCA(2, random_state=0),
    "svd": decomposition.TruncatedSVD(2, random_state=0),
    "nmf": decomposition.NMF(2, init="random", random_state=0, max_iter=500),
    "kmeans": cluster.KMeans(2, n_init=1, random_state=0),
    "dbscan": cluster.DBSCAN(),
    "gaussian_mixture": mixture.GaussianMixture(2, random_state=0),
    "isomap": manifold.Isomap(n_neighbors=3),
    "select_k_best": feature_selection.SelectKBest(feature_selection.f_classif, k=2),
}


def others():
    """What is fitted on text, on labels or on a data frame."""
    text = feature_extraction.text
    columns = compose.ColumnTransformer([
        ("number", preprocessing.StandardScaler(), ["age", "income"]),
        ("word", preprocessing.OneHotEncoder(handle_unknown="ignore"), ["city"])])
    return {
        "tfidf": text.TfidfVectorizer().fit(TEXT),
        "count_vectorizer": text.CountVectorizer(ngram_range=(1, 2), dtype=np.float32).fit(TEXT),
        "hashing_vectorizer": text.HashingVectorizer(n_features=8),
        "label_encoder": preprocessing.LabelEncoder().fit(Y),
        "label_binarizer": preprocessing.LabelBinarizer().fit(Y),
        "ordinal_encoder": preprocessing.OrdinalEncoder().fit(FRAME[["city"]]),
        "one_hot": preprocessing.OneHotEncoder().fit(FRAME[["city"]]),
        "frame_pipeline": pipeline.make_pipeline(columns,
                                                 linear_model.LogisticRegression()).fit(FRAME, Y),
        "text_pipeline": pipeline.make_pipeline(text.TfidfVectorizer(),
                                                naive_bayes.MultinomialNB()).fit(TEXT, Y),
        "union": pipeline.make_union(decomposition.PCA(1), preprocessing.StandardScaler()).fit(X),
        "scorer": metrics.make_scorer(metrics.f1_score),
        "kd_tree": neighbors.KDTree(X),
        "ball_tree": neighbors.BallTree(X),
        "bundle": {"model": linear_model.LinearRegression().fit(X, N), "columns": list("abc"),
                   "version": sklearn.__version__},
    }


def fitted():
    models = {name: model.fit(X, Y) for name, model in CLASSIFIERS.items()}
    models.update(
        (name,
         model.fit(X[:, :1] if name == "isotonic" else X, np.c_[N, N]
                   if name == "multi_output" else N))
                  for name, model in REGRESSORS.items())
    models.update((name, model.fit(X, Y)) for name, model in TRANSFORMERS.items())
    models.update(others())
    return models


def main():
    samples.deterministic()
    warnings.simplefilter("ignore")  # a few steps of training do not converge, and need not
    recorder = samples.Recorder(__file__,
                                "scikit-learn %s, joblib %s" % (sklearn.__version__,
                                                                joblib.__version__))
    for number, (name, model) in enumerate(sorted(fitted().items())):
        for protocol in {number % 6, (number + 3) % 6}:
            recorder.write("pickle", "sklearn/%s.p%d.pkl" % (name, protocol),
                           pickle.dumps(model, protocol))
        out = io.BytesIO()
        joblib.dump(model, out)
        recorder.write("pickle", "sklearn/%s.joblib" % name, out.getvalue())
    recorder.save()


if __name__ == "__main__":
    main()
