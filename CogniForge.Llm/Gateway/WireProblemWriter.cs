using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Writes errors of <c>/v1</c> from outside the pipeline (no key, malformed JSON, an unavailable store) as the path's
/// SDKs expect them.
/// </summary>
internal sealed class WireProblemWriter : IProblemDetailsWriter
{
    private static readonly PathString[] _openAI = ["/v1/chat", "/v1/responses", "/v1/embeddings"];

    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments("/v1");

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var status = problem.Status ?? context.HttpContext.Response.StatusCode;
        var (category, code) = status switch
        {
            StatusCodes.Status401Unauthorized => (ErrorCategory.Authentication, "invalid_api_key"),
            StatusCodes.Status403Forbidden => (ErrorCategory.Authentication, null),
            StatusCodes.Status429TooManyRequests => (ErrorCategory.RateLimited, "rate_limit_exceeded"),
            StatusCodes.Status503ServiceUnavailable => (ErrorCategory.Overloaded, "service_unavailable"),
            >= StatusCodes.Status500InternalServerError => (ErrorCategory.Internal, (string?)null),
            _ => (ErrorCategory.InvalidRequest, null),
        };
        var (message, param) = Describe(problem);
        await ErrorWriter.WriteAsync(
            context.HttpContext,
            GetProtocol(context.HttpContext),
            new(new(status, category, message, param, code))
        );
    }

    /// <summary>Detects the protocol by the path if only one protocol uses it, otherwise by the headers.</summary>
    private static Protocol GetProtocol(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/v1/messages") ? Protocol.Messages
        : _openAI.Any(path => context.Request.Path.StartsWithSegments(path)) ? Protocol.ChatCompletions
        : ModelsEndpoints.GetProtocol(context);

    private static (string Message, string? Param) Describe(ProblemDetails problem)
    {
        if (problem is HttpValidationProblemDetails { Errors: var errors } && errors.Count > 0)
        {
            return (
                string.Join(
                    "; ",
                    errors.Select(e => $"{(e.Key.Length > 0 ? e.Key : "The body")} {string.Join(", ", e.Value)}")
                ),
                errors.Keys.First() is { Length: > 0 } path ? path : null
            );
        }

        return (problem.Detail ?? problem.Title ?? "The request failed.", null);
    }
}
