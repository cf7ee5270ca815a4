namespace CogniForge.Serving.Inference;

/// <summary>Stores the inferences that were made.</summary>
internal interface IInferenceStore
{
    /// <summary>Adds records; a record whose id is already stored is ignored.</summary>
    Task AddAsync(IReadOnlyList<InferenceRecord> records, CancellationToken cancellationToken);

    /// <summary>Counts the stored inferences.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>Deletes at most so many inferences from before a time, and returns their number.</summary>
    Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
