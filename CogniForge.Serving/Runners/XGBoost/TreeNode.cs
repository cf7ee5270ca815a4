namespace CogniForge.Serving.Runners.XGBoost;

/// <summary>
/// A node of a tree. The right child follows the left one. A leaf is its own left child, and its threshold is NaN,
/// which no value reaches: rows that arrive early wait there.
/// </summary>
/// <param name="Threshold">Lower values go left.</param>
/// <param name="Feature">The index of the compared feature.</param>
/// <param name="Left">The index of the left child.</param>
internal readonly record struct TreeNode(float Threshold, int Feature, int Left);
