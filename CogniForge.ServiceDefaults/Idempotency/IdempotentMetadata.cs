namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>Marks an endpoint whose answer is remembered under the client's <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotentMetadata;
