using System.Globalization;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>The headers that describe a response.</summary>
/// <param name="Id">The gateway's id of the request.</param>
/// <param name="Route">The route's name.</param>
/// <param name="Target">The target, <c>provider/model</c>; null: not yet known.</param>
/// <param name="ProviderRequestId">The provider's id of the request; null: none.</param>
/// <param name="Dropped">The request fields without an equivalent in the provider's protocol.</param>
/// <param name="Cache">The result of the cache lookup; null: not yet known.</param>
/// <param name="Age">The age of a cached response; null: it is not cached.</param>
internal sealed record ResponseHeaders(
    Guid Id,
    string Route,
    string? Target,
    string? ProviderRequestId,
    IReadOnlyList<string> Dropped,
    CacheStatus? Cache,
    TimeSpan? Age = null
)
{
    private const int MaxCharacters = 500;

    public void WriteTo(HttpResponse response, Protocol protocol)
    {
        RequestIds.Set(response, protocol, Id.ToString());
        WriteRoute(response, Route, Target);
        var headers = response.Headers;
        if (Cache is { } cache)
        {
            headers["x-cogniforge-cache"] = cache switch
            {
                CacheStatus.Hit => "hit",
                CacheStatus.Miss => "miss",
                _ => "bypass",
            };
        }

        if (Age is { } age)
        {
            headers.Age = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (ProviderRequestId is not null)
        {
            headers["x-cogniforge-provider-request-id"] = Escape(ProviderRequestId);
        }

        if (Dropped.Count > 0)
        {
            headers["x-cogniforge-dropped"] = Escape(string.Join(", ", Dropped));
        }
    }

    /// <summary>Writes the headers that name the route and the target, unless they are null.</summary>
    public static void WriteRoute(HttpResponse response, string? route, string? target)
    {
        if (route is not null)
        {
            response.Headers["x-cogniforge-route"] = Escape(route);
        }

        if (target is not null)
        {
            response.Headers["x-cogniforge-target"] = Escape(target);
        }
    }

    // Names may contain characters that a header must not, and clients accept only 16 KiB of headers in total.
    private static string Escape(string text)
    {
        text = text.Length <= MaxCharacters ? text : $"{text[..MaxCharacters]}...";
        return !text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? text : Uri.EscapeDataString(text);
    }
}
