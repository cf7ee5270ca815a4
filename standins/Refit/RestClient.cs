using System.Collections.Frozen;
using System.Reflection;

namespace Refit;

/// <summary>The methods of an interface, read once, and how each is called.</summary>
internal sealed class RestInterface
{
    private static readonly MethodInfo _call = typeof(RestInterface).GetMethod(nameof(CallAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly RefitSettings _settings;
    private readonly FrozenDictionary<MethodInfo, Func<HttpClient, object?[], Task>> _calls;

    public RestInterface(Type type, RefitSettings? settings)
    {
        _settings = settings ?? new();
        _calls = type.GetInterfaces().Append(type).SelectMany(i => i.GetMethods())
            .Select(m => (Method: m, Attribute: m.GetCustomAttribute<HttpMethodAttribute>(true)))
            .Where(m => m.Attribute is not null)
            .ToFrozenDictionary(m => m.Method, m => Caller(m.Method, new(m.Method, m.Attribute!)));
        if (_calls.Count == 0)
            throw new InvalidOperationException($"{type} has no method with an HTTP method attribute.");
    }

    public Task Call(MethodInfo method, HttpClient client, object?[] arguments) =>
        _calls.TryGetValue(method, out var call) ? call(client, arguments) : throw new NotImplementedException($"{method.Name} has no HTTP method attribute.");

    private Func<HttpClient, object?[], Task> Caller(MethodInfo method, RestMethod rest)
    {
        var result = method.ReturnType.IsGenericType ? method.ReturnType.GenericTypeArguments[0] : typeof(Nothing);
        var body = result == typeof(IApiResponse) ? typeof(HttpContent)
            : result.IsGenericType && result.GetGenericTypeDefinition() is var g && (g == typeof(ApiResponse<>) || g == typeof(IApiResponse<>)) ? result.GenericTypeArguments[0]
            : result;
        var call = _call.MakeGenericMethod(result, body).CreateDelegate<Func<RestMethod, HttpClient, object?[], Task>>(this);
        return (client, arguments) => call(rest, client, arguments);
    }

    private async Task<TResult?> CallAsync<TResult, TBody>(RestMethod method, HttpClient client, object?[] arguments)
    {
        if (client.BaseAddress is null)
            throw new InvalidOperationException("The HttpClient must have a BaseAddress.");
        var cancellationToken = arguments.OfType<CancellationToken>().FirstOrDefault();
        using var request = RestRequest.Create(method, arguments, client.BaseAddress.AbsolutePath, _settings);
        if (request.Content is { } content && IsBuffered(method))
            await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);

        var completion = typeof(TResult) == typeof(Nothing) ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead;
        var response = await client.SendAsync(request, completion, cancellationToken).ConfigureAwait(false);
        if (typeof(TResult) == typeof(HttpResponseMessage))
            return (TResult)(object)response;
        var callerDisposes = false;
        try
        {
            var error = response.IsSuccessStatusCode ? null : await ApiException.Create(request, request.Method, response, _settings).ConfigureAwait(false);
            TBody? body = default;
            try
            {
                if (error is null)
                    body = await ReadAsync<TBody>(response.Content, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                error = await ApiException.Create("The response could not be deserialized.", request, request.Method, response, _settings, e).ConfigureAwait(false);
            }

            callerDisposes = error is null && body is HttpContent or Stream;
            if (typeof(TBody) != typeof(TResult))
                return (TResult)(object)new ApiResponse<TBody>(response, body, _settings, error);
            return error is null ? (TResult?)(object?)body : throw error;
        }
        finally
        {
            if (!callerDisposes)
                response.Dispose();
        }
    }

    private bool IsBuffered(RestMethod method) =>
        method.Parameters.FirstOrDefault(p => p.Role == Role.Body) is { } body
        && (body.Info.GetCustomAttribute<BodyAttribute>()?.Buffered ?? _settings.Buffered);

    private async Task<T?> ReadAsync<T>(HttpContent content, CancellationToken cancellationToken)
    {
        if (typeof(T) == typeof(Nothing))
            return default;
        if (typeof(T) == typeof(HttpContent))
            return (T)(object)content;
        if (typeof(T) == typeof(Stream))
            return (T)(object)await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        if (typeof(T) == typeof(string))
            return (T)(object)await content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return await _settings.ContentSerializer.FromHttpContentAsync<T>(content, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The result of a method that returns a plain Task.</summary>
    private sealed class Nothing;
}

/// <summary>Implements an interface by calling its methods over HTTP.</summary>
internal class RestClient : DispatchProxy
{
    private RestInterface? _interface;
    private HttpClient? _client;

    public static T Create<T>(HttpClient client, RestInterface described)
    {
        var proxy = Create<T, RestClient>();
        ((RestClient)(object)proxy!)._interface = described;
        ((RestClient)(object)proxy!)._client = client;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _interface!.Call(targetMethod!, _client!, args ?? []);
}
