namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>A stored response.</summary>
internal sealed record IdempotentResponse(int Status, string? ContentType, string? Location, byte[] Body);
