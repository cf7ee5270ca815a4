#!/usr/bin/env python3
"""Trains trees on the breast-cancer sample beside this file and writes them as XGBoost's JSON. Needs XGBoost and NumPy."""
from pathlib import Path

import numpy as np
import xgboost

here = Path(__file__).parent
rows = np.genfromtxt(here / "breast-cancer.csv", delimiter=",", skip_header=1, usecols=range(30))
benign = np.genfromtxt(here / "breast-cancer.csv", delimiter=",", skip_header=1, usecols=30, dtype=str) == "benign"
held_out = np.arange(len(benign)) % 4 == 0  # as in fit-breast-cancer.py

parameters = {"objective": "binary:logistic", "max_depth": 3, "eta": 0.2, "nthread": 1, "seed": 1}
model = xgboost.train(parameters, xgboost.DMatrix(rows[~held_out], benign[~held_out]), num_boost_round=40)
model.save_model(here / "breast-cancer.xgboost.json")
right = (model.predict(xgboost.DMatrix(rows[held_out])) >= 0.5) == benign[held_out]
print(f"XGBoost {xgboost.__version__}, right: held out {right.sum()} of {len(right)}")
