namespace CogniForge.ServiceDefaults.Errors;

/// <summary>The query parameters of an endpoint; the last one of its metadata applies.</summary>
internal sealed record QueryParameters(IReadOnlyList<string> Names);
