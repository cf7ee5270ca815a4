using System.Net.Http.Headers;
using System.Text.Json;
using CogniForge.ServiceDefaults.Http;
using CogniForge.Serving.Protocol;
using Polly;

namespace CogniForge.Serving.Runners.Remote;

/// <summary>Forwards requests to a model of another server that speaks the Open Inference Protocol v2.</summary>
internal sealed class RemoteRunner : IModelRunner
{
    private readonly Uri _infer;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly IHttpClientFactory _clients;

    /// <summary>Creates the runner; sends nothing yet.</summary>
    /// <param name="model">The URL of the model, such as <c>http://triton:8000/v2/models/iris</c>.</param>
    /// <param name="apiKey">The API key of its server; null: none.</param>
    /// <param name="clients">Creates <see cref="RemoteModels.Client"/>.</param>
    /// <exception cref="ModelLoadException">The URL is not permitted.</exception>
    public RemoteRunner(Uri model, string? apiKey, IHttpClientFactory clients)
    {
        if (!model.IsAbsoluteUri || model.Scheme is not ("http" or "https") || !OutboundHandler.IsAllowed(model))
        {
            throw new ModelLoadException("endpoint must be an http or https URL, not of a link-local address.");
        }

        _infer = new Uri($"{model.GetLeftPart(UriPartial.Path).TrimEnd('/')}/infer");
        _authorization = apiKey is null ? null : new("Bearer", apiKey);
        _clients = clients;
    }

    /// <inheritdoc/>
    public string Platform => "remote_oipv2";

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Inputs => [];

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Outputs => [];

    /// <inheritdoc/>
    public long SizeBytes => 0;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tensor>> InferAsync(
        InferRequest request,
        CancellationToken cancellationToken
    )
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _infer)
        {
            Content = new ByteArrayContent(await WriteAsync(request)),
            Headers = { Authorization = _authorization },
        };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var client = _clients.CreateClient(RemoteModels.Client);
            using var response = await client.SendAsync(message, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode ? Read(body) : throw Describe((int)response.StatusCode, body);
        }
        catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException)
        {
            throw new InferenceFailedException(
                StatusCodes.Status502BadGateway,
                $"The remote model is unavailable: {e.Message}",
                e
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private static async Task<byte[]> WriteAsync(InferRequest request)
    {
        using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream))
        {
            await request.WriteToAsync(json, () => ValueTask.CompletedTask);
        }

        return stream.ToArray();
    }

    private static IReadOnlyList<Tensor> Read(byte[] body) =>
        InferResponseReader.TryRead(body, out var outputs, out var error)
            ? outputs
            : throw new InferenceFailedException(
                StatusCodes.Status502BadGateway,
                $"The response of the remote model is invalid: {ErrorResponse.Describe(error.Value)}"
            );

    // The client's mistakes stay 4xx; the remote server's are those of a gateway.
    private static InferenceFailedException Describe(int status, byte[] body)
    {
        string? message = null;
        try
        {
            using var json = JsonDocument.Parse(body);
            message = json.RootElement.GetProperty("error").GetString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // The status alone says what happened.
        }

        return new(
            status is StatusCodes.Status400BadRequest or StatusCodes.Status429TooManyRequests
                ? status
                : StatusCodes.Status502BadGateway,
            $"The remote model answered {status}: {message ?? "no message."}"
        );
    }
}
