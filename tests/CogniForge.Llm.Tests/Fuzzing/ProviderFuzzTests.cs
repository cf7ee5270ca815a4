using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Tests.Fuzzing;

namespace CogniForge.Llm.Tests.Fuzzing;

/// <summary>
/// Only the readers' own exceptions leave a provider's response or stream; what they accept can be written again.
/// </summary>
public class ProviderFuzzTests
{
    private static readonly Protocol[] _protocols = Enum.GetValues<Protocol>();

    private static readonly Protocol[] _streamed = [.. _protocols.Except([Protocol.Embeddings])];

    private static readonly ITranslator[] _translators =
    [
        .. from client in _protocols
        from provider in _protocols
        let translator = ProtocolAdapters.Select(client, [provider])?.Translation
        where translator is not null
        select translator,
    ];

    [Fact]
    public void Response_Mutated_IsReadOrRejected() =>
        Fuzzer.Run(Documents.Responses, body => ReadsAny(_protocols, p => ReadResponse(p, body)));

    [Fact]
    public void Response_Mutated_IsReplayedUnchangedOrRejected() =>
        Fuzzer.Run(Documents.Responses, body => ReadsAny(_streamed, p => Replay(p, body)));

    [Fact]
    public void Response_Mutated_IsTranslatedOrRejected() =>
        Fuzzer.Run(
            Documents.Responses,
            body => ReadsAny(_translators, t => Translate(t, body))
        );

    [Fact]
    public void ErrorResponse_Mutated_IsClassified() =>
        Fuzzer.Run(
            Documents.Responses,
            body =>
                ProviderErrorClassifier.ClassifyResponse(400 + (body.Length % 200), body, null).Category
                    is ErrorCategory.ContextLength
        );

    [Fact]
    public Task Stream_Mutated_IsReadOrRejected() =>
        Fuzzer.RunAsync(
            Documents.Streams,
            async (bytes, _) =>
                await ReadEventsAsync(bytes) is { } events && ReadsAny(_streamed, p => ReadStream(p, events))
        );

    [Fact]
    public Task Stream_Mutated_IsTranslatedOrRejected() =>
        Fuzzer.RunAsync(
            Documents.Streams,
            async (bytes, _) =>
                await ReadEventsAsync(bytes) is { } events
                && ReadsAny(_translators, t => Translate(t.Stream(Request(t)), events))
        );

    private static void ReadResponse(Protocol protocol, byte[] body)
    {
        var adapter = ProtocolAdapters.For(protocol);
        using var document = JsonDocument.Parse(body);
        var metadata = adapter.Read(document.RootElement);
        Assert.True(metadata.Usage is not { FreshInput: < 0 } and not { Output: < 0 } and not { Reasoning: < 0 });
        Assert.True(adapter.ReadOutput(body).Characters >= 0);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            var request = JsonElement.Parse(Documents.Requests[(int)protocol % Documents.Requests.Length]);
            JsonDocument
                .Parse(adapter.ConvertToRequestedFormat(request, document.RootElement, body))
                .Dispose();
        }
    }

    private static void Replay(Protocol protocol, byte[] body)
    {
        var adapter = ProtocolAdapters.For(protocol);
        var once = adapter.Aggregate(adapter.Replay(StrictJson.Parse(body)));
        var twice = adapter.Aggregate(adapter.Replay((JsonObject)once.DeepClone()));
        Assert.Equal(Canonical(once), Canonical(twice));
    }

    private static void ReadStream(Protocol protocol, List<SseEvent> events)
    {
        var reader = ProtocolAdapters.For(protocol).CreateStreamReader();
        var copy = new StreamCopy(protocol, maxBytes: 1024 * 1024);
        foreach (var item in events)
        {
            reader.Read(item);
            copy.Add(item);
        }

        Assert.True(reader.Output.Characters >= 0);
        copy.Aggregate(reader.Metadata.Usage);
    }

    private static void Translate(ITranslator translator, byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            Write(translator.Response(Request(translator), JsonObject.Create(document.RootElement)!));
        }
    }

    private static void Translate(IStreamTranslator translator, List<SseEvent> events)
    {
        var translated = events.Where(e => !e.IsDone).SelectMany(translator.Translate);
        foreach (var item in translated.Concat(translator.Complete()))
        {
            JsonDocument.Parse(item.Data).Dispose();
        }
    }

    private static async Task<List<SseEvent>?> ReadEventsAsync(byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        using var message = new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        await using var response = new HttpProviderResponse(message, null);
        var events = new List<SseEvent>();
        try
        {
            await foreach (
                var item in response.ReadEventsAsync(() => ValueTask.CompletedTask, () => { }, CancellationToken.None)
            )
            {
                events.Add(item);
            }

            return events;
        }
        catch (ProviderException)
        {
            return null;
        }
    }

    /// <summary>Reads with all readers; returns whether any accepts the input.</summary>
    private static bool ReadsAny<T>(IEnumerable<T> readers, Action<T> read)
    {
        var isAccepted = false;
        foreach (var reader in readers)
        {
            try
            {
                read(reader);
                isAccepted = true;
            }
            catch (JsonException)
            {
                // The only exception that may leave a reader.
            }
        }

        return isAccepted;
    }

    private static JsonObject Request(ITranslator translator) =>
        translator.Client == Protocol.Responses
            ? new JsonObject { ["input"] = "a" }
            : new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "a" }) };

    /// <summary>Equal for equal JSON, whatever the order of members; DeepEquals rejects huge exponents.</summary>
    private static string Canonical(JsonObject value) =>
        CacheKey.Compute("", "", default, JsonElement.Parse(Write(value)));

    private static string Write(JsonObject value) => JsonSerializer.Serialize(value, WireJson.Options);
}
