using System.Text.Json.Serialization;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.Configuration;

/// <summary>A provider. Its API key comes only from configuration: <c>Providers:{name}:ApiKey</c>.</summary>
/// <param name="Kind">The kind, which determines protocols and authentication.</param>
/// <param name="BaseUrl">
/// The base URL with the version, e.g. <c>http://localhost:11434/v1</c>. Default: the default of the kind; required for
/// <c>openAICompatible</c>.
/// </param>
/// <param name="Timeouts">The timeouts of its calls. Default: those of the service.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ProviderConfig(ProviderKind? Kind, string? BaseUrl = null, TimeoutsConfig? Timeouts = null)
{
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

        if (Kind is not { } kind || !Enum.IsDefined(kind))
        {
            yield return new("kind", "must be one of mock, openAI, anthropic, openRouter, openAICompatible");
            yield break;
        }

        if (BaseUrl is null)
        {
            if (kind == ProviderKind.OpenAICompatible)
            {
                yield return new("baseUrl", "is required: this kind has no default");
            }
        }
        else if (kind == ProviderKind.Mock)
        {
            yield return new("baseUrl", "must be absent: the mock has no base URL");
        }
        else if (FindBrokenRule(BaseUrl) is { } rule)
        {
            yield return new("baseUrl", rule);
        }
    }

    /// <summary>Converts the valid model.</summary>
    public Provider ToProvider(string name, ConfigOrigin origin) =>
        new(name, Kind!.Value, BaseUrl is null ? null : new Uri(BaseUrl))
        {
            Origin = origin,
            Timeouts = Timeouts?.ToTimeouts(),
        };

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
}
