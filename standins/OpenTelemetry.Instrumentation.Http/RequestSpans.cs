using System.Diagnostics;
using Microsoft.Extensions.Options;
using OpenTelemetry.Context.Propagation;

namespace OpenTelemetry.Instrumentation.Http;

/// <summary>Applies the options to the spans that HttpClient makes; their names and attributes are already those of the semantic conventions.</summary>
internal sealed class RequestSpans : IDisposable
{
    private const string Started = "System.Net.Http.HttpRequestOut.Start";
    private const string Stopped = "System.Net.Http.HttpRequestOut.Stop";
    private const string Failed = "System.Net.Http.Exception";

    private readonly HttpClientTraceInstrumentationOptions _options;
    private readonly DiagnosticEvents _events;

    public RequestSpans(IOptions<HttpClientTraceInstrumentationOptions> options)
    {
        _options = options.Value;
        _events = new("HttpHandlerDiagnosticListener", ["System.Net.Http.HttpRequestOut", Started, Stopped, Failed], OnEvent);
    }

    public void Dispose() => _events.Dispose();

    private void OnEvent(string name, object? payload)
    {
        if (Activity.Current is not { } span)
            return;
        if (name == Started && DiagnosticEvents.Property<HttpRequestMessage>(payload, "Request") is { } request)
            OnStarted(span, request);
        else if (span.IsAllDataRequested && name == Stopped && DiagnosticEvents.Property<HttpResponseMessage>(payload, "Response") is { } response)
            DiagnosticEvents.Guard(() => _options.EnrichWithHttpResponseMessage?.Invoke(span, response));
        else if (span.IsAllDataRequested && name == Failed && DiagnosticEvents.Property<Exception>(payload, "Exception") is { } exception)
            OnFailed(span, exception);
    }

    private void OnStarted(Activity span, HttpRequestMessage request)
    {
        if (Propagators.DefaultTextMapPropagator is not TraceContextPropagator and var propagator)
            propagator.Inject(new(span.Context, Baggage.Current), request, SetHeader);
        // A span without a source is HttpClient's own, made only because somebody listens: its trace is not sampled.
        if (!span.IsAllDataRequested || span.Source.Name.Length == 0 || !IsWanted(request))
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }
        DiagnosticEvents.Guard(() => _options.EnrichWithHttpRequestMessage?.Invoke(span, request));
    }

    private void OnFailed(Activity span, Exception exception)
    {
        if (_options.RecordException)
            span.AddException(exception);
        if (exception is HttpRequestException)
            span.SetStatus(ActivityStatusCode.Error);
        DiagnosticEvents.Guard(() => _options.EnrichWithException?.Invoke(span, exception));
    }

    // A filter that throws has not said that it wants the request.
    private bool IsWanted(HttpRequestMessage request)
    {
        var wanted = false;
        DiagnosticEvents.Guard(() => wanted = _options.FilterHttpRequestMessage?.Invoke(request) ?? true);
        return wanted;
    }

    private static void SetHeader(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.Add(name, value);
    }
}
