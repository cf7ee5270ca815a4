#!/usr/bin/env python3
"""Writes the breast-cancer sample (CSV, model, infer request) beside itself and prints the figures that the tests hold. Needs scikit-learn."""
import csv
import json
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

here = Path(__file__).parent
data = load_breast_cancer()
names, classes = data.feature_names.tolist(), data.target_names.tolist()  # class 0 malignant, 1 benign
held_out = np.arange(len(data.target)) % 4 == 0  # every fourth row, so that a test can find it again

fitted = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000))
fitted.fit(data.data[~held_out], data.target[~held_out])
scaler, regression = fitted[0], fitted[1]
coefficients = regression.coef_[0] / scaler.scale_  # z = w·(x - mean)/scale + b, written on x itself
intercept = regression.intercept_[0] - coefficients @ scaler.mean_

with open(here / "breast-cancer.csv", "w", newline="") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow([*names, "class"])
    rows.writerows([*(repr(value).removesuffix(".0") for value in row), classes[target]] for row, target in zip(data.data.tolist(), data.target))

model = {"name": "breast-cancer", "kind": "logistic", "inputs": names, "classes": classes, "intercept": float(intercept), "coefficients": coefficients.tolist()}
(here / "breast-cancer.model.json").write_text(json.dumps(model, indent=2) + "\n")

sample = [0, 20, 152]  # held-out rows: plainly malignant, plainly benign, hard
features = {"name": "features", "datatype": "FP64", "shape": [3, 30], "data": data.data[sample].ravel().tolist()}
(here / "breast-cancer.infer.json").write_text(json.dumps({"id": "sample", "inputs": [features]}) + "\n")

right = fitted.predict(data.data) == data.target
print(f"right: held out {right[held_out].sum()} of {held_out.sum()}, all {right.sum()} of {len(right)}")
for row in [0, 4, 8, 20, 40, 68, 135, 152, 184, 340, 461, 568]:
    print(row, repr(float(fitted.predict_proba(data.data[[row]])[0, 1])))
