namespace CogniForge.ServiceDefaults.Http;

/// <summary>A client's key: each caller has its own.</summary>
internal readonly record struct IdempotencySlot(string Caller, string Key);
