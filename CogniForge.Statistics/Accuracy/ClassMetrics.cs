namespace CogniForge.Statistics.Accuracy;

/// <summary>How well one class is recognised.</summary>
/// <param name="Label">The class.</param>
/// <param name="Support">Rows that are of the class.</param>
/// <param name="Precision">Share of its predictions that are right; null if it was never predicted.</param>
/// <param name="Recall">Share of its rows that were predicted; null if it has no rows.</param>
/// <param name="F1">2TP / (2TP + FP + FN); null if it has no rows and was never predicted.</param>
public sealed record ClassMetrics(string Label, long Support, double? Precision, double? Recall, double? F1);
