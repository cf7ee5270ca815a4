namespace CogniForge.Serving.Inference;

/// <summary>Which inferences were made?</summary>
internal interface IInferenceStore
{
    /// <summary>Stores records; one that is there already stays as it is.</summary>
    Task AddAsync(IReadOnlyList<InferenceRecord> records, CancellationToken cancellationToken);

    /// <summary>How many there are.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);
}
