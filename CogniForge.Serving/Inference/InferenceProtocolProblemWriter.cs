using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference;

/// <summary>Writes errors of <c>/v2</c> in the protocol's format: <c>{"error":"…"}</c>.</summary>
internal sealed class InferenceProtocolProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments("/v2");

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        context.HttpContext.Response.StatusCode = problem.Status ?? context.HttpContext.Response.StatusCode;
        await context.HttpContext.Response.WriteAsJsonAsync(
            new ErrorResponse(problem.Detail ?? problem.Title ?? "The request failed."),
            context.HttpContext.RequestAborted
        );
    }
}
