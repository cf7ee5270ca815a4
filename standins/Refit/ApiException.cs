using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refit;

public class ApiException : Exception
{
    private protected ApiException(
        string message, HttpRequestMessage request, HttpMethod method, HttpResponseMessage response, string? content, RefitSettings settings, Exception? inner)
        : base(message, inner)
    {
        (RequestMessage, HttpMethod, RefitSettings, Content) = (request, method, settings, content);
        (StatusCode, ReasonPhrase, Headers, ContentHeaders) = (response.StatusCode, response.ReasonPhrase, response.Headers, response.Content.Headers);
    }

    public HttpStatusCode StatusCode { get; }

    public string? ReasonPhrase { get; }

    public HttpResponseHeaders Headers { get; }

    public HttpContentHeaders? ContentHeaders { get; }

    public HttpMethod HttpMethod { get; }

    public Uri? Uri => RequestMessage.RequestUri;

    public HttpRequestMessage RequestMessage { get; }

    public RefitSettings RefitSettings { get; }

    public string? Content { get; }

    [MemberNotNullWhen(true, nameof(Content))]
    public bool HasContent => !string.IsNullOrWhiteSpace(Content);

    public async Task<T?> GetContentAsAsync<T>()
    {
        if (!HasContent)
            return default;
        using var content = new StringContent(Content);
        return await RefitSettings.ContentSerializer.FromHttpContentAsync<T>(content).ConfigureAwait(false);
    }

    public static Task<ApiException> Create(
        HttpRequestMessage message, HttpMethod httpMethod, HttpResponseMessage response, RefitSettings refitSettings, Exception? innerException = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (response.IsSuccessStatusCode)
            throw new ArgumentException("The response is a success.", nameof(response));
        return Create(
            $"Response status code does not indicate success: {(int)response.StatusCode} ({response.ReasonPhrase}).",
            message, httpMethod, response, refitSettings, innerException);
    }

    public static async Task<ApiException> Create(
        string exceptionMessage,
        HttpRequestMessage message,
        HttpMethod httpMethod,
        HttpResponseMessage response,
        RefitSettings refitSettings,
        Exception? innerException = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        string? content = null;
        try
        {
            content = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
            if (response.Content.Headers.ContentType?.MediaType == "application/problem+json" && !string.IsNullOrWhiteSpace(content))
                return new ValidationApiException(exceptionMessage, message, httpMethod, response, content, refitSettings, innerException);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or ObjectDisposedException or InvalidOperationException)
        {
            // The answer that could not be read is already an error: what is known of it is what counts.
        }
        return new(exceptionMessage, message, httpMethod, response, content, refitSettings, innerException);
    }
}

/// <summary>An answer of type application/problem+json.</summary>
public class ValidationApiException : ApiException
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new SystemTextJsonContentSerializer.InferredObject() },
    };

    internal ValidationApiException(
        string message, HttpRequestMessage request, HttpMethod method, HttpResponseMessage response, string content, RefitSettings settings, Exception? inner)
        : base(message, request, method, response, content, settings, inner) =>
        Content = JsonSerializer.Deserialize<ProblemDetails>(content, _json);

    public new ProblemDetails? Content { get; }
}

public class ProblemDetails
{
    public string? Type { get; set; } = "about:blank";

    public string? Title { get; set; }

    public int Status { get; set; }

    public string? Detail { get; set; }

    public string? Instance { get; set; }

    public Dictionary<string, string[]> Errors { get; set; } = [];

    [JsonExtensionData]
    public IDictionary<string, object> Extensions { get; set; } = new Dictionary<string, object>(StringComparer.Ordinal);
}
