using System.Diagnostics;
using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Telemetry;

/// <summary>Puts the messages of one call onto its span. There is none of these unless an operator has switched that on. Not thread-safe.</summary>
internal sealed class ContentCapture(Activity span) : IDisposable
{
    private readonly List<SseEvent> _events = [];
    private ProtocolAdapter? _adapter;

    /// <summary>What the provider is asked.</summary>
    public void Asked(ProtocolAdapter adapter, ReadOnlyMemory<byte> body)
    {
        _adapter = adapter;
        Try(() =>
        {
            using var request = JsonDocument.Parse(body);
            span.SetTag(
                "gen_ai.system_instructions",
                GenAiMessages.Instructions(adapter.Protocol, request.RootElement)
            );
            span.SetTag("gen_ai.input.messages", GenAiMessages.Input(adapter.Protocol, request.RootElement));
        });
    }

    /// <summary>What the provider answers.</summary>
    public void Answered(JsonElement response) =>
        Try(() => span.SetTag("gen_ai.output.messages", GenAiMessages.Output(_adapter!.Protocol, response)));

    /// <summary>A part of what the provider answers.</summary>
    public void Heard(SseEvent item) => _events.Add(item);

    /// <summary>The call is over: a stream is put together, as far as it has come.</summary>
    public void Dispose()
    {
        if (_events.Count > 0)
        {
            Try(() => Answered(JsonSerializer.SerializeToElement(_adapter!.Aggregate(_events), WireJson.Options)));
        }
    }

    /// <summary>What cannot be read is not shown; the call itself goes on.</summary>
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The protocols' own readers tell the client of it where it matters.
        }
    }
}
