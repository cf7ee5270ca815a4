using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Llm.Gateway;

/// <summary>Gives the errors of <c>/v1</c> that do not come from the gateway itself (no key, malformed JSON, a store that is away) the shape that the path's SDKs read.</summary>
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

    /// <summary>A path that only one of the formats has says which it is; of all others, also those that do not exist, the client's header does.</summary>
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
