using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Gateway;

/// <summary>An error response to the client.</summary>
/// <param name="Error">The error.</param>
/// <param name="RetryAfter">The wait before a retry; null: unknown.</param>
/// <param name="Route">The name of the route; null: none was found.</param>
/// <param name="Target">The target called last, <c>provider/model</c>; null: none was called.</param>
internal sealed record ErrorResponse(
    ClientError Error,
    TimeSpan? RetryAfter = null,
    string? Route = null,
    string? Target = null
);
