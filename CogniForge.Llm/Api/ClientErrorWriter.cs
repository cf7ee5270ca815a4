using System.Globalization;
using System.Text.Json.Nodes;
using CogniForge.Llm.Domain.Failures;
using CogniForge.Llm.Domain.Protocols;

namespace CogniForge.Llm.Api;

/// <summary>Writes errors in the shape that a protocol's SDKs read, with the headers by which they decide on retries.</summary>
internal static class ClientErrorWriter
{
    /// <summary>What Anthropic answers when it is overloaded.</summary>
    public const int AnthropicOverloaded = 529;


    /// <summary>Writes an error as the whole answer.</summary>
    public static async Task WriteAsync(HttpContext context, Protocol protocol, ClientError error, TimeSpan? retryAfter)
    {
        var response = context.Response;
        response.StatusCode = error is { Status: StatusCodes.Status503ServiceUnavailable, Category: ErrorCategory.Overloaded } && protocol == Protocol.Messages ? AnthropicOverloaded : error.Status;
        response.Headers["x-should-retry"] = ClientErrors.IsRetriable(error.Category) ? "true" : "false";
        if (error.RequestId is { } id)
        {
            response.Headers[AnswerWriter.RequestIdHeader(protocol)] = id;
        }

        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        response.ContentType = "application/json";
        JsonObject body = Dialects.Of(protocol).Error(error);
        await response.WriteAsync(body.ToJsonString(WireJson.Options), context.RequestAborted);
    }
}
