using System.Globalization;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Gateway;

/// <summary>Writes errors as a protocol's SDKs expect them, with the headers by which SDKs decide on retries.</summary>
internal static class ErrorWriter
{
    /// <summary>Writes an error as the whole response.</summary>
    public static async Task WriteAsync(HttpContext context, Protocol protocol, ErrorResponse response)
    {
        var http = context.Response;
        var error = response.Error with { RequestId = RequestIds.Set(http, protocol, response.Error.RequestId) };
        ResponseHeaders.WriteRoute(http, response.Route, response.Target);
        http.StatusCode =
            protocol == Protocol.Messages && response.Target is not null
                ? MessagesErrors.GetProviderErrorStatus(error)
                : error.Status;
        http.Headers["x-should-retry"] = ClientErrors.IsRetriable(error.Category) ? "true" : "false";
        if (response.RetryAfter is { } wait)
        {
            http.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
        }

        http.ContentType = "application/json";
        JsonObject body = ProtocolAdapters.For(protocol).Error(error);
        await http.WriteAsync(body.ToJsonString(WireJson.Options), context.RequestAborted);
    }
}
