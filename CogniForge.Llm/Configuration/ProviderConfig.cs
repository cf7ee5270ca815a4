using System.Net;
using System.Text.Json.Serialization;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.Configuration;

/// <summary>A provider as it is set up. Its key is no part of it: that comes from configuration (<c>Providers:{name}:ApiKey</c>) alone.</summary>
/// <param name="Kind">How it is spoken to.</param>
/// <param name="BaseUrl">Where it is, with the version, e.g. <c>http://localhost:11434/v1</c>. Default: the kind's own address; <c>openAICompatible</c> has none.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ProviderConfig(ProviderKind? Kind, string? BaseUrl = null)
{
    /// <summary>The rules that the document breaks by itself.</summary>
    public IEnumerable<FieldError> Validate(string name)
    {
        if (!ConfigNames.IsProvider(name))
        {
            yield return new("name", ConfigNames.ProviderRule);
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
                yield return new("baseUrl", "is required: this kind has no address of its own");
            }
        }
        else if (kind == ProviderKind.Mock)
        {
            yield return new("baseUrl", "must be absent: the mock has no address");
        }
        else if (Rule(BaseUrl) is { } rule)
        {
            yield return new("baseUrl", rule);
        }
    }

    /// <summary>The provider. The document has been checked.</summary>
    public Provider ToProvider(string name, ConfigOrigin origin) =>
        new(name, Kind!.Value, BaseUrl is null ? null : new Uri(BaseUrl)) { Origin = origin };

    /// <summary>The rule that an address breaks; null: it is fine. Names that lead to a forbidden address are found when they are connected to.</summary>
    public static string? Rule(string address)
    {
        if (
            address.Length > 2000
            || !Uri.TryCreate(address, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.Host.Length == 0
        )
        {
            return "must be an absolute http or https address";
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return "must have no user, no query and no fragment";
        }

        return IPAddress.TryParse(url.DnsSafeHost, out var ip) && !OutboundHandler.IsAllowed(ip)
            ? "must not be a link-local or metadata address"
            : null;
    }
}
