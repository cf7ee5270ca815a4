namespace CogniForge.Serving.Experiments;

/// <summary>The stored outcomes.</summary>
/// <param name="Accepted">How many are new; they survive from now on.</param>
/// <param name="Duplicates">How many were stored before.</param>
internal sealed record RecordOutcomesResponse(int Accepted, int Duplicates);
