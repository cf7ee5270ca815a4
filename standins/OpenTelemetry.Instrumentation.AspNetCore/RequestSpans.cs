using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using OpenTelemetry.Context.Propagation;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Gives the spans that ASP.NET Core makes for requests the names and attributes of the HTTP semantic conventions.</summary>
internal sealed partial class RequestSpans : IDisposable
{
    private const string Started = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start";
    private const string Stopped = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Stop";
    private const string UnhandledInHosting = "Microsoft.AspNetCore.Hosting.UnhandledException";
    private const string UnhandledInMiddleware = "Microsoft.AspNetCore.Diagnostics.UnhandledException";

    private static readonly HashSet<string> _methods =
        new(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "PATCH", "CONNECT", "QUERY"], StringComparer.OrdinalIgnoreCase);

    private readonly AspNetCoreTraceInstrumentationOptions _options;
    private readonly DiagnosticEvents _events;

    public RequestSpans(IOptions<AspNetCoreTraceInstrumentationOptions> options)
    {
        _options = options.Value;
        _events = new("Microsoft.AspNetCore", ["Microsoft.AspNetCore.Hosting.HttpRequestIn", Started, Stopped, UnhandledInHosting, UnhandledInMiddleware], OnEvent);
    }

    public void Dispose() => _events.Dispose();

    private void OnEvent(string name, object? payload)
    {
        if (Activity.Current is not { } span)
            return;
        if (name == Started && payload is HttpContext starting)
            OnStarted(span, starting);
        else if (span.IsAllDataRequested && name == Stopped && payload is HttpContext stopping)
            OnStopped(span, stopping);
        else if (span.IsAllDataRequested && name is UnhandledInHosting or UnhandledInMiddleware && DiagnosticEvents.Property<Exception>(payload, "exception") is { } exception)
            OnException(span, exception);
    }

    private void OnStarted(Activity span, HttpContext context)
    {
        var request = context.Request;
        if (Propagators.DefaultTextMapPropagator is not TraceContextPropagator and var propagator)
            Baggage.Current = propagator.Extract(default, request, (r, header) => r.Headers[header]!).Baggage;
        if (!span.IsAllDataRequested)
            return;
        if (!IsWanted(context))
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        var method = Method(request);
        span.DisplayName = method ?? "HTTP";
        span.SetTag("http.request.method", method ?? "_OTHER");
        if (method != request.Method)
            span.SetTag("http.request.method_original", request.Method);
        if (request.Host.HasValue)
            span.SetTag("server.address", request.Host.Host).SetTag("server.port", request.Host.Port);
        if (request.Headers.UserAgent is [{ Length: > 0 } userAgent, ..])
            span.SetTag("user_agent.original", userAgent);
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("url.path", (request.PathBase + request.Path) is { HasValue: true } path ? path.ToString() : "/");
        if (request.QueryString.HasValue)
            span.SetTag("url.query", QueryValue.Replace(request.QueryString.Value!, "=Redacted"));
        span.SetTag("network.protocol.version", request.Protocol switch
        {
            "HTTP/2" => "2",
            "HTTP/3" => "3",
            var protocol => protocol.Replace("HTTP/", "", StringComparison.Ordinal),
        });
        DiagnosticEvents.Guard(() => _options.EnrichWithHttpRequest?.Invoke(span, request));
    }

    private void OnStopped(Activity span, HttpContext context)
    {
        if (Route(context) is { Length: > 0 } route)
        {
            span.DisplayName = $"{Method(context.Request) ?? "HTTP"} {route}";
            span.SetTag("http.route", route);
        }
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (span.Status == ActivityStatusCode.Unset && context.Response.StatusCode >= 500)
            span.SetStatus(ActivityStatusCode.Error);
        DiagnosticEvents.Guard(() => _options.EnrichWithHttpResponse?.Invoke(span, context.Response));
    }

    private void OnException(Activity span, Exception exception)
    {
        span.SetTag("error.type", exception.GetType().FullName);
        if (_options.RecordException)
            span.AddException(exception);
        span.SetStatus(ActivityStatusCode.Error);
        DiagnosticEvents.Guard(() => _options.EnrichWithException?.Invoke(span, exception));
    }

    // A filter that throws has not said that it wants the request.
    private bool IsWanted(HttpContext context)
    {
        var wanted = false;
        DiagnosticEvents.Guard(() => wanted = _options.Filter?.Invoke(context) ?? true);
        return wanted;
    }

    private static string? Method(HttpRequest request) => _methods.TryGetValue(request.Method, out var method) ? method : null;

    // Middleware that runs the pipeline again, as that for exceptions does, keeps the first endpoint among the items.
    private static string? Route(HttpContext context)
    {
        var endpoint = context.GetEndpoint() ?? context.Items["__OriginalEndpoint"] as Endpoint;
        var route = endpoint?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route;
        if (!string.IsNullOrEmpty(route))
            return route;
        return context.GetRouteValue("page") as string is { Length: > 0 } page ? page : route is null ? null : "/";
    }

    [GeneratedRegex("=[^&]*")]
    private static partial Regex QueryValue { get; }
}
