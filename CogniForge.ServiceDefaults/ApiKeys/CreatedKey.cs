namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A key with its new secret, which no later response shows.</summary>
/// <param name="Key">The secret, <c>cf_…</c>.</param>
/// <param name="Details">The key as stored.</param>
public sealed record CreatedKey(string Key, ApiKey Details);
