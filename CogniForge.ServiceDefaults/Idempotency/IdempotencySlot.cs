namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>A client's key: each caller has its own.</summary>
internal readonly record struct IdempotencySlot(string Caller, string Key);
