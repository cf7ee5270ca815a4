namespace CogniForge.Llm.Providers;

/// <summary>The providers' keys: from configuration (<c>Providers:{name}:ApiKey</c>) alone, so that they are in no table, no answer and no log.</summary>
internal sealed class ProviderApiKeys(IConfiguration configuration)
{
    /// <summary>The key of a provider; null: it has none.</summary>
    public string? Of(string provider) =>
        configuration[$"Providers:{provider}:ApiKey"] is { Length: > 0 } key ? key : null;
}
