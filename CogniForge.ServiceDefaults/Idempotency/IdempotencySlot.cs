namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>An idempotency key; each caller has its own.</summary>
internal readonly record struct IdempotencySlot(string Caller, string Key);
