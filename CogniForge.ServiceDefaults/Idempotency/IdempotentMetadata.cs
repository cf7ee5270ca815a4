namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>Marks an endpoint that supports <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotentMetadata;
