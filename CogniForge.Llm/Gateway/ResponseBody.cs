using System.Runtime.CompilerServices;
using System.Text.Json;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.ServiceDefaults.Overload;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Reads a provider's whole response, and records its cost in the progress of the attempt, in case the response cannot
/// be used.
/// </summary>
internal static class ResponseBody
{
    /// <summary>Reads the body, also of a server that streams although the request does not.</summary>
    /// <param name="adapter">The provider's protocol.</param>
    /// <param name="progress">The progress of the attempt.</param>
    /// <param name="response">The response.</param>
    /// <param name="isTranslated">Whether the response will be translated, which takes more memory.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="JsonException">The stream is not complete, or does not follow the protocol.</exception>
    /// <exception cref="ProviderException">The connection broke, or the stream contains an error.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        ProtocolAdapter adapter,
        AttemptProgress progress,
        ProviderResponse response,
        bool isTranslated,
        CancellationToken cancellationToken
    )
    {
        progress.HasResponse = true; // even if the connection breaks before its end
        if (isTranslated)
        {
            response.MaxBodyBytes = HttpProviderErrors.MaxTranslatedBytes;
        }

        var body = await response.HasEventsAsync(null, cancellationToken)
            ? await AggregateAsync(adapter, progress, response, isTranslated, cancellationToken)
            : await response.ReadBodyAsync(cancellationToken);
        progress.HasResponse = body.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8); // not a proxy's page
        if (adapter.Protocol != Protocol.Embeddings) // a batch of those has millions of numbers, never translated
        {
            await CountValuesAsync(adapter, response, body, isTranslated, cancellationToken);
        }

        return body;
    }

    /// <summary>Streams the response of a server that ignored the request for a stream.</summary>
    public static async IAsyncEnumerable<SseEvent> ReplayAsync(
        ProtocolAdapter adapter,
        AttemptProgress progress,
        ProviderResponse response,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var read = await ReadAsync(adapter, progress, response, isTranslated: true, cancellationToken);
        var body = SurrogateRepair.RepairWhole(read);
        using (var document = Parse(progress, body))
        {
            if (ReadMetadata(adapter, progress, document.RootElement, body) is { } error)
            {
                throw new ProviderException(error);
            }
        }

        foreach (var item in adapter.Replay(StrictJson.ParseInPlace(body)))
        {
            yield return item;
        }
    }

    /// <exception cref="JsonException">The body is not JSON; if it began as such, its text is kept.</exception>
    public static JsonDocument Parse(AttemptProgress progress, ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            progress.Output = progress.HasResponse ? TextSample.From(body.Span) : null;
            throw;
        }
    }

    /// <summary>Keeps the metadata of the response, and its output if that has to be estimated.</summary>
    /// <returns>The error inside the response; null: none.</returns>
    public static ProviderError? ReadMetadata(
        ProtocolAdapter adapter,
        AttemptProgress progress,
        JsonElement response,
        ReadOnlyMemory<byte> body
    )
    {
        var metadata = adapter.Read(response);
        progress.Metadata = metadata;
        progress.HasResponse = metadata.Error is null;
        var needsEstimate = metadata.Error is null && metadata.Usage is null or { Output: 0 };
        progress.Output = needsEstimate ? adapter.ReadOutput(body.Span) : null;
        return metadata.Error;
    }

    /// <exception cref="ProviderException">The response has too many values.</exception>
    private static ValueTask CountValuesAsync(
        ProtocolAdapter adapter,
        ProviderResponse response,
        ReadOnlyMemory<byte> body,
        bool isTranslated,
        CancellationToken cancellationToken
    )
    {
        var max = isTranslated ? RequestLimits.MaxTranslatedTokens : RequestLimits.MaxJsonTokens;
        var tokens = JsonMemory.CountTokens(body.Span, max);
        if (tokens > max)
        {
            throw new ProviderException(
                new(ErrorCategory.InvalidResponse, $"the response has over {max} JSON values")
                {
                    IsTargetFault = false,
                    CanRetry = false,
                }
            );
        }

        if (tokens == 0)
        {
            return response.BeforeBytes(isTranslated ? body.Length : 0, cancellationToken);
        }

        // A translation has the texts twice as long in memory, and the result.
        var isParsed =
            isTranslated
            || (adapter.Protocol == Protocol.ChatCompletions && ChoiceRepair.IsNeeded(body))
            || body.Span.IndexOf("\"tool_calls\""u8) >= 0
            || ContentParts.MayHaveParts(body.Span);
        return response.BeforeBytes(
            isParsed
                ? (tokens * JsonMemory.BytesPerToken) + (isTranslated ? body.Length : 0)
                : tokens * JsonMemory.BytesPerReadToken,
            cancellationToken
        );
    }

    private static async Task<ReadOnlyMemory<byte>> AggregateAsync(
        ProtocolAdapter adapter,
        AttemptProgress progress,
        ProviderResponse response,
        bool isTranslated,
        CancellationToken cancellationToken
    )
    {
        var reader = adapter.CreateStreamReader();
        progress.Reader = reader;
        var events = new List<SseEvent>();
        var (output, turn) = (isTranslated ? new TranslatedOutput(response.BeforeBytes) : null, new Turn());
        try
        {
            await foreach (
                var item in response.ReadEventsAsync(() => ValueTask.CompletedTask, () => { }, cancellationToken)
            )
            {
                var known = reader.Output.Characters;
                var kind = reader.Read(item);
                if (output is not null)
                {
                    await output.AddAsync(reader.Output.Characters - known, item.Data.Length, cancellationToken);
                }

                if (kind == StreamEventKind.Error)
                {
                    throw new ProviderException(
                        reader.Metadata.Error ?? new(ErrorCategory.ServerError, "the provider failed in the stream")
                    );
                }

                if (kind == StreamEventKind.End)
                {
                    break;
                }

                await response.BeforeBytes(item.Data.Length, cancellationToken);
                events.Add(item);
                await turn.NextAsync();
            }
        }
        catch (JsonException) when (reader.IsComplete)
        {
            // The response is complete; a last event was cut short.
        }

        return reader.IsComplete
            ? WireJson.Write(adapter.Aggregate(events), events.Sum(e => e.Data.Length))
            : throw new JsonException("The stream is not complete.");
    }
}
