namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>The answer that is given again.</summary>
internal sealed record IdempotentResponse(int Status, string? ContentType, string? Location, byte[] Body);
