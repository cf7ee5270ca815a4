using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;

namespace Refit;

public interface IApiResponse : IDisposable
{
    HttpStatusCode StatusCode { get; }

    string? ReasonPhrase { get; }

    HttpResponseHeaders Headers { get; }

    HttpContentHeaders? ContentHeaders { get; }

    HttpRequestMessage? RequestMessage { get; }

    Version Version { get; }

    ApiException? Error { get; }

    [MemberNotNullWhen(true, nameof(ContentHeaders))]
    [MemberNotNullWhen(false, nameof(Error))]
    bool IsSuccessStatusCode { get; }

    [MemberNotNullWhen(true, nameof(ContentHeaders))]
    [MemberNotNullWhen(false, nameof(Error))]
    bool IsSuccessful { get; }
}

public interface IApiResponse<out T> : IApiResponse
{
    T? Content { get; }

    new HttpContentHeaders? ContentHeaders { get; }

    new ApiException? Error { get; }

    [MemberNotNullWhen(true, nameof(ContentHeaders))]
    [MemberNotNullWhen(false, nameof(Error))]
    new bool IsSuccessStatusCode { get; }

    [MemberNotNullWhen(true, nameof(Content))]
    [MemberNotNullWhen(true, nameof(ContentHeaders))]
    [MemberNotNullWhen(false, nameof(Error))]
    new bool IsSuccessful { get; }
}

public sealed class ApiResponse<T>(HttpResponseMessage response, T? content, RefitSettings settings, ApiException? error = null) : IApiResponse<T>
{
    public T? Content { get; } = content;

    public RefitSettings Settings { get; } = settings;

    public ApiException? Error { get; } = error;

    public HttpStatusCode StatusCode => response.StatusCode;

    public string? ReasonPhrase => response.ReasonPhrase;

    public HttpResponseHeaders Headers => response.Headers;

    public HttpContentHeaders? ContentHeaders => response.Content.Headers;

    public HttpRequestMessage? RequestMessage => response.RequestMessage;

    public Version Version => response.Version;

    [MemberNotNullWhen(true, nameof(ContentHeaders))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccessStatusCode => response.IsSuccessStatusCode;

    [MemberNotNullWhen(true, nameof(Content))]
    [MemberNotNullWhen(true, nameof(ContentHeaders))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccessful => IsSuccessStatusCode && Error is null;

    public void Dispose() => response.Dispose();

    public Task<ApiResponse<T>> EnsureSuccessStatusCodeAsync() => ThisIfAsync(IsSuccessStatusCode);

    public Task<ApiResponse<T>> EnsureSuccessfulAsync() => ThisIfAsync(IsSuccessful);

    private async Task<ApiResponse<T>> ThisIfAsync(bool good)
    {
        if (good)
            return this;
        var error = Error ?? await ApiException.Create(RequestMessage!, RequestMessage!.Method, response, Settings).ConfigureAwait(false);
        Dispose();
        throw error;
    }
}
