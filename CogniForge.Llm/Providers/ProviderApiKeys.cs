namespace CogniForge.Llm.Providers;

/// <summary>
/// Reads the providers' API keys, only from configuration (<c>Providers:{name}:ApiKey</c>), so that no table, response
/// or log contains them.
/// </summary>
internal sealed class ProviderApiKeys(IConfiguration configuration)
{
    /// <summary>The key of a provider; null if none is configured.</summary>
    public string? Of(string provider) =>
        configuration[$"Providers:{provider}:ApiKey"] is { Length: > 0 } key ? key : null;
}
