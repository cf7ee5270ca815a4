using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>
/// A deterministic provider that needs no account: it echoes the last user message, and calls tools and fails as
/// configured. It supports OpenAI's chat completions and embeddings; one token is four characters, rounded up.
/// </summary>
internal sealed class MockProviderClient(IOptions<MockOptions> defaults, TimeProvider time) : IProviderClient
{
    private const int MaxStops = 16;
    private const int MaxStopCharacters = 1_024;
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
    };

    // One at a time, so that the mock never takes all processors from other requests.
    private static readonly SemaphoreSlim _embedding = new(1);

    private int _calls = -1;

    public bool Serves(ProviderKind kind) => kind == ProviderKind.Mock;

    public async Task<ProviderResponse> SendAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var body = JsonDocument.Parse(request.Body);
        if (Validate(body.RootElement, out var options) is { } error)
        {
            return Refuse(error);
        }

        if (options.LatencyMs > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(options.LatencyMs), time, cancellationToken);
        }

        if (
            options.Failures.Count > 0
            && options.Failures[(int)((uint)Interlocked.Increment(ref _calls) % (uint)options.Failures.Count)]
                is not 0
                    and var status
        )
        {
            return new MockProviderResponse(Error("server_error", "The mock is configured to fail this call."))
            {
                Status = status,
                IsRequestedFailure = options != defaults.Value,
                RetryAfter = status == StatusCodes.Status429TooManyRequests ? TimeSpan.FromSeconds(1) : null,
            };
        }

        MockChat chat;
        try
        {
            if (request.Protocol == Protocol.Embeddings)
            {
                return MockEmbeddings.Validate(body.RootElement) is { } rule
                    ? Refuse(rule)
                    : new MockProviderResponse(await EmbedAsync(body.RootElement, cancellationToken))
                    {
                        Status = StatusCodes.Status200OK,
                    };
            }

            chat = MockChat.Create(body.RootElement, options.Tool, time.GetUtcNow(), cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // JsonElement throws this when a value has another type than expected or is not valid Unicode.
            return Refuse("The mock cannot read a field of the request.");
        }

        if (!request.Stream)
        {
            if (options.TokensPerSecond > 0)
            {
                await Task.Delay(
                    TimeSpan.FromSeconds(chat.OutputTokens / options.TokensPerSecond),
                    time,
                    cancellationToken
                );
            }

            return new MockProviderResponse(chat.ToJson()) { Status = StatusCodes.Status200OK };
        }

        return new MockProviderResponse(chat, options.TokensPerSecond, time)
        {
            Status = StatusCodes.Status200OK,
            IsStream = true,
        };
    }

    private static MockProviderResponse Refuse(string rule) =>
        new(Error("invalid_request_error", rule)) { Status = StatusCodes.Status400BadRequest };

    private static byte[] Error(string type, string message) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["message"] = message,
                    ["type"] = type,
                    ["param"] = null,
                    ["code"] = null,
                },
            }
        );

    /// <summary>Validates the request and reads its options; returns the rule that it breaks, or null.</summary>
    private string? Validate(JsonElement body, out MockOptions options)
    {
        options = defaults.Value;
        if (CountItems(body, "tools") > MockTools.MaxTools)
        {
            return $"tools must have at most {MockTools.MaxTools} entries";
        }

        if (CountItems(body, "stop") > MaxStops)
        {
            return $"stop must have at most {MaxStops} entries";
        }

        if ((MockTools.Validate(body) ?? ValidateFormat(body) ?? MockLogprobs.Validate(body)) is { } error)
        {
            return error;
        }

        if (!body.TryGetProperty("mock", out var overrides) || overrides.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        try
        {
            options = overrides.Deserialize<MockOptions>(_json)!;
            return options.Validate() is { } rule ? $"mock.{rule}" : null;
        }
        catch (JsonException e)
        {
            return FindUnknown(overrides) is { } name
                ? $"mock.{name} is not a known option"
                : $"mock{e.Path?.TrimStart('$')} has the wrong type";
        }
    }

    private static string? FindUnknown(JsonElement overrides) =>
        overrides.ValueKind == JsonValueKind.Object
            ? overrides
                .EnumerateObject()
                .Select(m => m.ValidName())
                .FirstOrDefault(n =>
                    !_json
                        .GetTypeInfo(typeof(MockOptions))
                        .Properties.Any(p => string.Equals(p.Name, n, StringComparison.OrdinalIgnoreCase))
                )
            : null;

    private static string? ValidateFormat(JsonElement body) =>
        FindLongStop(body.Member("stop")) is { } path
            ? $"{path} must have at most {MaxStopCharacters} characters"
            : MockJson.Validate(
                "response_format.json_schema.schema",
                body.Member("response_format").Member("json_schema").Member("schema")
            );

    private static string? FindLongStop(JsonElement stop) =>
        IsLong(stop) ? "stop"
        : stop.Items().Index().FirstOrDefault(s => IsLong(s.Item)) is { Item.ValueKind: JsonValueKind.String } found
            ? $"stop[{found.Index}]"
        : null;

    private static bool IsLong(JsonElement text) => text.Text()?.Length > MaxStopCharacters;

    private static async Task<ReadOnlyMemory<byte>> EmbedAsync(JsonElement body, CancellationToken cancellationToken)
    {
        await _embedding.WaitAsync(cancellationToken);
        try
        {
            return MockEmbeddings.Create(body, cancellationToken);
        }
        finally
        {
            _embedding.Release();
        }
    }

    private static int CountItems(JsonElement body, string name) =>
        body.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 0;
}
