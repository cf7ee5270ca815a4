namespace CogniForge.ServingDemo;

/// <summary>A trained classifier.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Accuracy">The share of held-out rows that it classifies as diagnosed.</param>
/// <param name="Onnx">The exported file.</param>
internal sealed record TrainedModel(string Name, double Accuracy, byte[] Onnx);
