using System.Net.Http.Headers;
using System.Text;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Finds the key in a request's headers.</summary>
public static class ApiKeyReader
{
    /// <summary>
    /// Reads the key from <c>Authorization: Bearer</c>, from <c>x-api-key</c> (Anthropic's SDKs) or from the user name of <c>Authorization: Basic</c> (Segment's write key), in this order.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <returns>The secret as it was sent; <see langword="null"/> when there is none.</returns>
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
