using System.Net.Http.Headers;
using System.Text;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Reads the API key of a request.</summary>
public static class ApiKeyReader
{
    /// <summary>
    /// Reads <c>Authorization: Bearer</c>, the user name of <c>Authorization: Basic</c> (Segment's write key) or
    /// <c>x-api-key</c> (Anthropic's SDKs), in this order. Basic only where <see
    /// cref="BasicAuthenticationExtensions.AcceptsBasic"/> allows it.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <returns>The secret, or <see langword="null"/> if the request has none.</returns>
    public static string? Read(HttpRequest request)
    {
        if (
            AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            && !string.IsNullOrEmpty(header.Parameter)
        )
        {
            if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                return header.Parameter;
            }

            if (
                header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
                && request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<BasicAuthenticationMetadata>() is not null
                && UserName(header.Parameter) is { Length: > 0 } user
            )
            {
                return user;
            }
        }

        return request.Headers["x-api-key"] is [{ Length: > 0 } key, ..] ? key : null;
    }

    private static string? UserName(string basic)
    {
        var bytes = new byte[basic.Length];
        return Convert.TryFromBase64String(basic, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0]
            : null;
    }
}
