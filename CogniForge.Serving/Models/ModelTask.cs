namespace CogniForge.Serving.Models;

/// <summary>What a model is for.</summary>
internal enum ModelTask
{
    /// <summary>It assigns classes.</summary>
    Classification,

    /// <summary>It estimates numbers.</summary>
    Regression,

    /// <summary>It writes text.</summary>
    TextGeneration,

    /// <summary>It turns inputs into vectors.</summary>
    Embedding,
}
