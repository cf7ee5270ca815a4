namespace CogniForge.Statistics.Accuracy;

/// <summary>Precision, recall and F1 over all classes.</summary>
/// <param name="Precision">Average precision of the classes, in [0, 1].</param>
/// <param name="Recall">Average recall of the classes, in [0, 1].</param>
/// <param name="F1">Average F1 of the classes, in [0, 1].</param>
public sealed record AverageMetrics(double Precision, double Recall, double F1);
