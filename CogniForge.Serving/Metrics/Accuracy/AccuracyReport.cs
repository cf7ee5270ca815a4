namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>How good the predictions of a window are, where the truth is known.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version; null: all.</param>
/// <param name="From">The start of the window, included.</param>
/// <param name="To">The end of the window, excluded.</param>
/// <param name="Rows">The predictions that were evaluated.</param>
/// <param name="IsTruncated">Whether the window has more, of which only the newest were evaluated.</param>
/// <param name="Classification">Of predictions with a class; null: none.</param>
/// <param name="Regression">Of predictions with a number; null: none.</param>
/// <param name="Text">Of predictions with a text or a likelihood; null: none.</param>
internal sealed record AccuracyReport(
    string Model,
    int? Version,
    DateTimeOffset From,
    DateTimeOffset To,
    int Rows,
    bool IsTruncated,
    ClassificationAccuracy? Classification,
    RegressionAccuracy? Regression,
    TextAccuracy? Text
);
