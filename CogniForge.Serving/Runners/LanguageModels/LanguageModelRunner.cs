using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.LanguageModels;

/// <summary>Serves a chat model of the gateway: one text per row in, one text per row out.</summary>
internal sealed class LanguageModelRunner(LanguageModelDefinition definition, IHttpClientFactory clients)
    : IModelRunner
{
    /// <summary>The name of the HTTP client.</summary>
    public const string Client = "llm";

    // Rows of one request run in parallel, but one request must not take all of the gateway.
    private const int MaxParallel = 8;

    /// <inheritdoc/>
    public string Platform => "cogniforge_llm";

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Inputs { get; } = [new("prompt", Datatype.Bytes, [-1])];

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Outputs { get; } = [new("text", Datatype.Bytes, [-1])];

    /// <inheritdoc/>
    public long SizeBytes => 0;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tensor>> InferAsync(
        InferRequest request,
        CancellationToken cancellationToken
    )
    {
        var prompts = ((Tensor<string>)request.Inputs[0]).Memory;
        var texts = new string[prompts.Length];
        await Parallel.ForAsync(
            0,
            texts.Length,
            new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken },
            async (i, stop) => texts[i] = await CompleteAsync(prompts.Span[i], stop)
        );
        return [new Tensor<string>("text", Datatype.Bytes, [texts.Length], texts)];
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private async Task<string> CompleteAsync(string prompt, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["model"] = definition.Model };
        var messages = new JsonArray();
        if (definition.System is { } system)
        {
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = system });
        }

        messages.Add(new JsonObject { ["role"] = "user", ["content"] = prompt });
        body["messages"] = messages;
        if (definition.MaxTokens is { } maxTokens)
        {
            body["max_completion_tokens"] = maxTokens;
        }

        if (definition.Temperature is { } temperature)
        {
            body["temperature"] = temperature;
        }

        try
        {
            using var client = clients.CreateClient(Client);
            using var response = await client.PostAsJsonAsync("/v1/chat/completions", body, cancellationToken);
            using var json = await response.Content.ReadFromJsonAsync<JsonDocument>(cancellationToken);
            var root = json!.RootElement;
            return response.IsSuccessStatusCode
                ? root.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? ""
                : throw Describe((int)response.StatusCode, root);
        }
        catch (Exception e)
            when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InferenceFailedException(
                StatusCodes.Status502BadGateway,
                $"The gateway gave no text: {e.Message}",
                e
            );
        }
    }

    private static InferenceFailedException Describe(int status, JsonElement error)
    {
        var message = error.GetProperty("error").GetProperty("message").GetString();
        return new(
            status
                is StatusCodes.Status400BadRequest
                    or StatusCodes.Status429TooManyRequests
                    or StatusCodes.Status503ServiceUnavailable
                ? status
                : StatusCodes.Status502BadGateway,
            $"The gateway answered {status}: {message}"
        );
    }
}
