using System.Text.Json.Serialization;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.Configuration;

/// <summary>
/// A provider. Its API key (<c>Providers:{name}:ApiKey</c>) and its proxy come only from configuration.
/// </summary>
/// <param name="Kind">
/// The name of a known provider, e.g. <c>groq</c>, whose address and rules then apply; <c>openAICompatible</c> for any
/// other. Default: the provider's own name, if it is known.
/// </param>
/// <param name="BaseUrl">
/// The base URL with the version, e.g. <c>http://localhost:11434/v1</c>. Default: the default of the kind; required for
/// kinds without one.
/// </param>
/// <param name="ApiKeyHeader">
/// The header that carries the API key, up to 64 letters, digits and hyphens. Default: that of the kind.
/// </param>
/// <param name="ListsModels">
/// Whether <c>GET /v1/models</c> requests the provider's list; otherwise it lists those of <c>models</c>. Default: that
/// of the kind.
/// </param>
/// <param name="Models">
/// The properties of its models, before those of the kind; of several that match, the first counts. Up to 1,000.
/// </param>
/// <param name="Quirks">
/// How its chat completions differ from OpenAI's; each part replaces that of the kind, and precedes the rules of the
/// kind's models.
/// </param>
/// <param name="Timeouts">The timeouts of its calls. Default: those of the service.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ProviderConfig(
    string? Kind = null,
    string? BaseUrl = null,
    string? ApiKeyHeader = null,
    bool? ListsModels = null,
    IReadOnlyList<ModelProfile?>? Models = null,
    ProviderQuirks? Quirks = null,
    TimeoutsConfig? Timeouts = null
)
{
    private const int MaxModels = 1_000;

    public IEnumerable<FieldError> Validate(string name)
    {
        if (!ConfigNames.IsProvider(name))
        {
            yield return new("name", ConfigNames.ProviderRule);
        }

        foreach (var error in Timeouts?.Validate() ?? [])
        {
            yield return error;
        }

        if (ProviderProfiles.Find(Kind ?? name) is not { } profile)
        {
            yield return new("kind", $"must be one of {ProviderProfiles.Names}");
            yield break;
        }

        if (FindBrokenRule(profile) is { } rule)
        {
            yield return new("baseUrl", rule);
        }

        if (ApiKeyHeader is not null && (ApiKeyHeader.Length is 0 or > 64 || !ApiKeyHeader.All(IsHeaderCharacter)))
        {
            yield return new("apiKeyHeader", "must be 1 to 64 letters, digits and hyphens");
        }

        if (Models?.Count > MaxModels)
        {
            yield return new("models", $"must have at most {MaxModels} models");
        }

        foreach (
            var error in (Models ?? [])
                .SelectMany((m, i) => ProviderRules.Validate(m, $"models[{i}]"))
                .Concat(ProviderRules.Validate(Quirks))
        )
        {
            yield return error;
        }
    }

    /// <summary>Converts the valid model.</summary>
    public Provider ToProvider(string name, ConfigOrigin origin)
    {
        var known = ProviderProfiles.Find(Kind ?? name)!;
        var profile = known with
        {
            ApiKeyHeader = ApiKeyHeader ?? known.ApiKeyHeader,
            ListsModels = ListsModels ?? known.ListsModels,
            Quirks = known.Quirks.With(Quirks),
            ConfiguredModels = [.. (Models ?? []).OfType<ModelProfile>()],
            ConfiguredQuirks = Quirks,
        };
        return new(name, profile, BaseUrl is null ? null : new Uri(BaseUrl))
        {
            Origin = origin,
            Timeouts = Timeouts?.ToTimeouts(),
        };
    }

    private string? FindBrokenRule(ProviderProfile profile) =>
        profile.Kind == ProviderKind.Mock
            ? BaseUrl is null
                ? null
                : "must be absent: the mock has no base URL"
        : BaseUrl is not null ? FindBrokenRule(BaseUrl)
        : profile.DefaultUrl is not null ? null
        : profile.BaseUrl is { } example ? $"is required, e.g. {example}"
        : "is required: this kind has no default";

    /// <summary>Finds the rule that a URL breaks; null: none. Addresses of host names are checked on connect.</summary>
    private static string? FindBrokenRule(string address)
    {
        if (
            address.Length > 2000
            || !Uri.TryCreate(address, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.Host.Length == 0
        )
        {
            return "must be an absolute http or https URL";
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return "must not have a user, a query or a fragment";
        }

        return OutboundHandler.IsAllowed(url) ? null : "must not be a link-local or metadata address";
    }

    private static bool IsHeaderCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';
}
