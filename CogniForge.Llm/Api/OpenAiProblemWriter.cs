using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Llm.Api;

/// <summary>Gives the errors of <c>/v1</c> the shape that OpenAI's SDKs read.</summary>
internal sealed class OpenAiProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments("/v1");

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var status = problem.Status ?? context.HttpContext.Response.StatusCode;
        var (type, code) = status switch
        {
            StatusCodes.Status401Unauthorized => ("invalid_request_error", "invalid_api_key"),
            StatusCodes.Status403Forbidden => ("permission_error", null),
            StatusCodes.Status503ServiceUnavailable => ("server_error", "service_unavailable"),
            >= StatusCodes.Status500InternalServerError => ("server_error", (string?)null),
            _ => ("invalid_request_error", null),
        };
        var (message, param) = Describe(problem);
        context.HttpContext.Response.StatusCode = status;
        await context.HttpContext.Response.WriteAsJsonAsync(
            new { error = new { message, type, param = param ?? Extension(problem, "param"), code = Extension(problem, "code") ?? code } }, context.HttpContext.RequestAborted);
    }

    private static (string Message, string? Param) Describe(ProblemDetails problem)
    {
        if (problem is HttpValidationProblemDetails { Errors: var errors } && errors.Count > 0)
        {
            return (string.Join("; ", errors.Select(e => $"{(e.Key.Length > 0 ? e.Key : "The body")} {string.Join(", ", e.Value)}")), errors.Keys.First() is { Length: > 0 } path ? path : null);
        }

        return (problem.Detail ?? problem.Title ?? "The request failed.", null);
    }

    private static string? Extension(ProblemDetails problem, string name) => problem.Extensions.TryGetValue(name, out var value) ? value as string : null;
}
