using CogniForge.Llm.Configuration;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Routing;

/// <summary>A provider of models, without its API key: keys come only from configuration.</summary>
/// <param name="Name">The unique name: lower-case letters, digits and hyphens, e.g. <c>openai</c>.</param>
/// <param name="Profile">The provider's properties.</param>
/// <param name="BaseUrl">
/// The base URL with the version, e.g. <c>https://api.openai.com/v1</c>; null: the default of the profile.
/// </param>
internal sealed record Provider(string Name, ProviderProfile Profile, Uri? BaseUrl = null)
{
    /// <summary>Creates a provider of which only the kind is known.</summary>
    public Provider(string name, ProviderKind kind, Uri? baseUrl = null)
        : this(name, ProviderProfiles.For(kind), baseUrl) { }

    /// <summary>The built-in mock provider.</summary>
    public static Provider Mock { get; } = new("mock", ProviderKind.Mock) { Origin = ConfigOrigin.BuiltIn };

    /// <summary>The timeouts of its calls. Default: those of the service.</summary>
    public TimeoutOverrides? Timeouts { get; init; }

    public ConfigOrigin Origin { get; init; } = ConfigOrigin.Configuration;

    /// <summary>Whose API the provider follows.</summary>
    public ProviderKind Kind => Profile.Kind;

    /// <summary>The protocols that the provider supports.</summary>
    public IReadOnlyList<Protocol> Protocols => Profile.Protocols;

    /// <summary>The base URL with a trailing slash; null for the mock.</summary>
    public Uri? Address { get; } = (BaseUrl ?? Profile.DefaultUrl) is { } url ? WithSlash(url) : null;

    private static Uri WithSlash(Uri url) => url.AbsoluteUri.EndsWith('/') ? url : new(url.AbsoluteUri + "/");
}
