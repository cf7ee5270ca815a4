namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A key with a new secret. This is the only time that the secret is shown.</summary>
/// <param name="Key">The secret, <c>cf_…</c>.</param>
/// <param name="Details">What is kept of the key.</param>
public sealed record CreatedKey(string Key, ApiKey Details);
