namespace CogniForge.Analytics.Ingestion;

/// <summary>A count.</summary>
/// <param name="Count">The number, 0 or more.</param>
internal sealed record CountResponse(long Count);
