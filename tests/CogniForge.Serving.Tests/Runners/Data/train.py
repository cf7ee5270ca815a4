"""Trains the models of this folder and computes their predictions.

Debian 12: python3-xgboost 1.7.4, python3-sklearn 1.2.1, python3-onnx 1.12.0. Run: python3 train.py
The data sets are those that scikit-learn carries (UCI breast cancer and iris; diabetes of Efron et al., 2004).
"""

import json

import numpy as np
import onnx
import xgboost as xgb
from onnx import TensorProto, helper
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LogisticRegression

random = np.random.RandomState(7)


def mask(rows, share):
    rows = rows.astype(np.float32).copy()
    rows[random.rand(*rows.shape) < share] = np.nan
    return rows


def train(name, objective, rows, target, tested, rounds, **parameters):
    parameters = {"objective": objective, "nthread": 1, "seed": 1, **parameters}
    model = xgb.train(parameters, xgb.DMatrix(rows, target, missing=np.nan), rounds)
    model.save_model(f"{name}.model.json")
    predictions = np.asarray(model.predict(xgb.DMatrix(tested, missing=np.nan)), dtype=float)
    rows = [[None if np.isnan(v) else float(v) for v in row] for row in tested]
    write(name, {"rows": rows, "predictions": predictions.flatten().tolist()})


def write(name, expected):
    with open(f"{name}.expected.json", "w") as file:
        json.dump(expected, file, separators=(",", ":"))
        file.write("\n")


cancer = mask(load_breast_cancer().data[:, :8], 0.15)
train("binary", "binary:logistic", cancer, load_breast_cancer().target, cancer[::12], 12, max_depth=4, base_score=0.3)
for name, score in [("logitraw", 0.3), ("logitraw-wide", 2)]:
    train(name, "binary:logitraw", cancer, load_breast_cancer().target, cancer[::12], 5, max_depth=3, base_score=score)
diabetes = load_diabetes().data.astype(np.float32)
tested = np.concatenate([diabetes[::15], mask(diabetes[::30], 0.4)])
train("regression", "reg:squarederror", diabetes, load_diabetes().target, tested, 12, max_depth=3, base_score=100)
iris = mask(load_iris().data, 0.1)
train("softprob", "multi:softprob", iris, load_iris().target, iris[::5], 6, max_depth=3, num_class=3)
train("softmax", "multi:softmax", iris, load_iris().target, iris[::5], 6, max_depth=3, num_class=3)
train("poisson", "count:poisson", iris, load_iris().target, iris[::10], 5, max_depth=2)


def save(name, nodes, inputs, outputs, opsets=(("", 13), ("ai.onnx.ml", 1))):
    graph = helper.make_graph(nodes, name, inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid(d, v) for d, v in opsets], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, f"{name}.onnx")


def tensor(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


# A classifier as sklearn-onnx exports it, with probabilities and ZipMap.
model = LogisticRegression(max_iter=1000).fit(load_iris().data, load_iris().target)
zipped = helper.make_node("ZipMap", ["probabilities"], ["zipped"], classlabels_int64s=[0, 1, 2], domain="ai.onnx.ml")
classifier = helper.make_node(
    "LinearClassifier",
    ["features"],
    ["label", "scores"],
    domain="ai.onnx.ml",
    classlabels_ints=[0, 1, 2],
    coefficients=model.coef_.flatten().tolist(),
    intercepts=model.intercept_.tolist(),
    post_transform="NONE",
)
softmax = helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1)
zip_type = onnx.ValueInfoProto(name="zipped")
zip_type.type.sequence_type.elem_type.map_type.key_type = TensorProto.INT64
zip_type.type.sequence_type.elem_type.map_type.value_type.tensor_type.elem_type = TensorProto.FLOAT
save(
    "iris",
    [classifier, softmax, zipped],
    [tensor("features", TensorProto.FLOAT, [None, 4])],
    [
        tensor("label", TensorProto.INT64, [None]),
        tensor("probabilities", TensorProto.FLOAT, [None, 3]),
        zip_type,
    ],
)
tested = load_iris().data[::10].astype(np.float32)
write("iris", {"rows": tested.astype(float).tolist(), "predictions": model.predict_proba(tested).flatten().tolist()})

# Every type that the protocol and ONNX share, unchanged.
kinds = ["FLOAT", "DOUBLE", "FLOAT16", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"]
kinds += ["BOOL", "STRING"]
save(
    "identity",
    [helper.make_node("Identity", [f"{k}_in"], [f"{k}_out"]) for k in kinds],
    [tensor(f"{k}_in", getattr(TensorProto, k), [None]) for k in kinds],
    [tensor(f"{k}_out", getattr(TensorProto, k), [None]) for k in kinds],
)
