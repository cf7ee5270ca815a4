using System.Net.ServerSentEvents;
using System.Text;
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
        if (request.Texts is { } sink && texts.Length == 1)
        {
            texts[0] = await StreamAsync(prompts.Span[0], sink, cancellationToken);
        }
        else
        {
            await Parallel.ForAsync(
                0,
                texts.Length,
                new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken },
                async (i, stop) => texts[i] = await CompleteAsync(prompts.Span[i], stop)
            );
        }

        return [new Tensor<string>("text", Datatype.Bytes, [texts.Length], texts)];
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private Task<string> CompleteAsync(string prompt, CancellationToken cancellationToken) =>
        SendAsync(
            definition.CreateBody(prompt),
            async response =>
            {
                using var json = await response.Content.ReadFromJsonAsync<JsonDocument>(cancellationToken);
                return json!.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content")
                    .GetString() ?? "";
            },
            cancellationToken
        );

    private Task<string> StreamAsync(string prompt, TextSink sink, CancellationToken cancellationToken)
    {
        var body = definition.CreateBody(prompt);
        body["stream"] = true;
        return SendAsync(
            body,
            async response =>
            {
                var text = new StringBuilder();
                await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
                await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
                {
                    if (item.Data == "[DONE]")
                    {
                        return text.ToString();
                    }

                    if (ReadPart(item.Data) is { Length: > 0 } part)
                    {
                        text.Append(part);
                        await sink.WriteAsync(part, cancellationToken);
                    }
                }

                throw new JsonException("The stream ended early.");
            },
            cancellationToken
        );
    }

    private static string? ReadPart(string json)
    {
        using var chunk = JsonDocument.Parse(json);
        if (chunk.RootElement.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null)
        {
            throw Describe(StatusCodes.Status502BadGateway, chunk.RootElement);
        }

        var choices = chunk.RootElement.GetProperty("choices");
        return choices.GetArrayLength() > 0
            && choices[0].GetProperty("delta").TryGetProperty("content", out var content)
                ? content.GetString()
                : null;
    }

    private async Task<string> SendAsync(
        JsonObject body,
        Func<HttpResponseMessage, Task<string>> readAsync,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var client = clients.CreateClient(Client);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = JsonContent.Create(body),
            };
            using var response = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            if (response.IsSuccessStatusCode)
            {
                return await readAsync(response);
            }

            using var error = await response.Content.ReadFromJsonAsync<JsonDocument>(cancellationToken);
            throw Describe((int)response.StatusCode, error!.RootElement);
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or IOException
                        or JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
            )
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
