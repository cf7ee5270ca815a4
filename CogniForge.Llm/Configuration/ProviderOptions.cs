using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Configuration;

/// <summary>A provider in configuration (<c>Providers:{name}</c>).</summary>
internal sealed class ProviderOptions
{
    /// <summary>How it is spoken to. Default: the kind of that name, else <see cref="ProviderKind.OpenAICompatible"/>.</summary>
    public ProviderKind? Kind { get; set; }

    /// <summary>Where it is. Default: the kind's own address.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Its key. Default: none.</summary>
    public string? ApiKey { get; set; }
}
