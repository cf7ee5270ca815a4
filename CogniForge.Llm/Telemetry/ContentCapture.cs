using System.Diagnostics;
using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Telemetry;

/// <summary>
/// Adds the messages of a provider call to its span; exists only if an operator enabled content capture. Not
/// thread-safe.
/// </summary>
internal sealed class ContentCapture(Activity span) : IDisposable
{
    private readonly List<SseEvent> _events = [];
    private ProtocolAdapter? _adapter;

    // The variable and its values are defined by the conventions; EVENT_ONLY does not capture content in spans.
    public static bool IsEnabled(IConfiguration configuration) =>
        configuration["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"]?.Trim().ToUpperInvariant()
            is "TRUE"
                or "SPAN_ONLY"
                or "SPAN_AND_EVENT";

    /// <summary>Captures the request to the provider.</summary>
    public void AddRequest(ProtocolAdapter adapter, ReadOnlyMemory<byte> body)
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

    /// <summary>Captures the response of the provider.</summary>
    public void AddResponse(JsonElement response) =>
        Try(() => span.SetTag("gen_ai.output.messages", GenAiMessages.Output(_adapter!.Protocol, response)));

    /// <summary>Captures an event of a streamed response.</summary>
    public void AddEvent(SseEvent item) => _events.Add(item);

    /// <summary>Aggregates the events of a stream, complete or not.</summary>
    public void Dispose()
    {
        if (_events.Count > 0)
        {
            Try(() => AddResponse(JsonSerializer.SerializeToElement(_adapter!.Aggregate(_events), WireJson.Options)));
        }
    }

    /// <summary>Ignores content that cannot be parsed: capturing must not fail the call.</summary>
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The protocol readers report it to the client if it matters.
        }
    }
}
