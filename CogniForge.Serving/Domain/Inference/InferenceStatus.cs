namespace CogniForge.Serving.Domain.Inference;

/// <summary>How an inference ended.</summary>
internal enum InferenceStatus
{
    /// <summary>It was answered.</summary>
    Succeeded,

    /// <summary>The request broke a rule of the protocol or of the model.</summary>
    Rejected,

    /// <summary>The request was right and was not answered: an error, a time-out, a caller that left.</summary>
    Failed,
}
