#!/usr/bin/env python3
"""Trains trees on the breast-cancer sample beside this file and writes them as XGBoost's JSON and, the same trees, as ONNX.

Needs XGBoost, ONNX and NumPy.
"""
import json
from pathlib import Path

import numpy as np
import onnx
import xgboost
from onnx import TensorProto, helper

here = Path(__file__).parent
rows = np.genfromtxt(here / "breast-cancer.csv", delimiter=",", skip_header=1, usecols=range(30))
benign = np.genfromtxt(here / "breast-cancer.csv", delimiter=",", skip_header=1, usecols=30, dtype=str) == "benign"
held_out = np.arange(len(benign)) % 4 == 0  # as in fit-breast-cancer.py

parameters = {"objective": "binary:logistic", "max_depth": 3, "eta": 0.2, "nthread": 1, "seed": 1}
model = xgboost.train(parameters, xgboost.DMatrix(rows[~held_out], benign[~held_out]), num_boost_round=40)
model.save_model(here / "breast-cancer.xgboost.json")
right = (model.predict(xgboost.DMatrix(rows[held_out])) >= 0.5) == benign[held_out]
print(f"XGBoost {xgboost.__version__}, right: held out {right.sum()} of {len(right)}")

nodes = {name: [] for name in ["treeids", "nodeids", "modes", "featureids", "values", "truenodeids", "falsenodeids"]}
leaves = {name: [] for name in ["treeids", "nodeids", "ids", "weights"]}
learner = json.loads((here / "breast-cancer.xgboost.json").read_text())["learner"]
for number, tree in enumerate(learner["gradient_booster"]["model"]["trees"]):
    for node, (left, right_child) in enumerate(zip(tree["left_children"], tree["right_children"])):
        leaf = left == -1
        value = tree["split_conditions"][node]  # of a leaf: its weight
        for name, entry in [
            ("treeids", number), ("nodeids", node), ("modes", "LEAF" if leaf else "BRANCH_LT"),
            ("featureids", 0 if leaf else tree["split_indices"][node]), ("values", 0.0 if leaf else value),
            ("truenodeids", 0 if leaf else left), ("falsenodeids", 0 if leaf else right_child),
        ]:
            nodes[name].append(entry)
        if leaf:
            for name, entry in [("treeids", number), ("nodeids", node), ("ids", 0), ("weights", value)]:
                leaves[name].append(entry)
ensemble = helper.make_node(
    "TreeEnsembleRegressor", ["features"], ["probability"], domain="ai.onnx.ml", n_targets=1, post_transform="LOGISTIC",
    **{f"nodes_{name}": entries for name, entries in nodes.items()},
    **{f"target_{name}": entries for name, entries in leaves.items()},
)
graph = helper.make_graph(
    [ensemble], "breast_cancer",
    [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, 30])],
    [helper.make_tensor_value_info("probability", TensorProto.FLOAT, [None, 1])],
)
opsets = [helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 1)]
exported = helper.make_model(graph, opset_imports=opsets, ir_version=8)
onnx.checker.check_model(exported)
onnx.save(exported, here / "breast-cancer.onnx")
